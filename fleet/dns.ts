/** The DNS records that lead each agent's name to its host. They grow with hosts, not with agents. */
import { hostnameOf } from "./names.ts";
import type { Fleet } from "./schema.ts";

export interface DnsRecord {
  readonly name: string;
  readonly type: "A" | "CNAME";
  readonly value: string;
  /** Seconds. Short, because an agent's move changes one. */
  readonly ttl: number;
}

const TTL = 300;

const IPV4 = /^\d+\.\d+\.\d+\.\d+$/;

/** Where a host can be found from outside; undefined for this machine, and for servers that are not made yet. */
export function publicAddressOf(host: Fleet["hosts"][string] | undefined): string | undefined {
  if (host?.kind === "ssh") return host.address;
  if (host?.kind !== "docker" || host.address.startsWith("unix:")) return undefined;
  return new URL(host.address).hostname;
}

/**
 * A wildcard to the first host, and a record of its own for each agent that lives elsewhere: an explicit record beats a
 * wildcard, and a zone holds few hundred of them.
 */
export function recordsOf(
  { hosts, domain }: Fleet,
  agents: readonly { readonly name: string; readonly host: string }[],
): DnsRecord[] {
  const record = (name: string, value: string): DnsRecord => ({
    name,
    type: IPV4.test(value) ? "A" : "CNAME",
    value,
    ttl: TTL,
  });
  const inhabited = [...new Set(agents.map(({ host }) => host))].toSorted();
  const first = inhabited.find((host) => publicAddressOf(hosts[host]) !== undefined);
  if (first === undefined) return [];
  return [
    record(`*.${domain}`, publicAddressOf(hosts[first]) ?? ""),
    ...agents.flatMap(({ name, host }) => {
      const address = publicAddressOf(hosts[host]);
      return host === first || address === undefined ? [] : [record(hostnameOf(name, domain), address)];
    }),
  ];
}
