/** The DNS records that lead each agent's name to its host. They grow with hosts, not with agents. */
import { hostnameOf } from "../names.ts";
import type { Problem } from "../config/problem.ts";
import type { AgentEntry, Fleet } from "../config/schema.ts";

export interface DnsRecord {
  readonly name: string;
  /** Whom it leads to, and for whose sake: undefined for the wildcard, which is everybody's. */
  readonly host: string;
  readonly agent: string | undefined;
  readonly type: "A" | "CNAME";
  /** Null for the address of a server that is not made yet. */
  readonly value: string | null;
  /** Seconds. Short, because an agent's move changes one. */
  readonly ttl: number;
}

const TTL = 300;

const IPV4 = /^\d+\.\d+\.\d+\.\d+$/;

/** Where a host of the operator's own can be found from outside; undefined for this machine. */
export function publicAddressOf(host: Fleet["hosts"][string] | undefined): string | undefined {
  if (host?.kind === "ssh") return host.address;
  if (host?.kind !== "docker" || host.address.startsWith("unix:")) return undefined;
  return new URL(host.address).hostname;
}

/** An agent with an address of its own. Others are reached by ways that DNS does not know of. */
export const isPublic = ({ access }: Pick<AgentEntry, "access">): boolean => access === "public";

/**
 * A wildcard to the first host, and a record of its own for each agent that lives elsewhere: an explicit record beats a
 * wildcard, and a zone holds few hundred of them.
 *
 * @param agents the public ones
 * @param addresses of hosts: null for a server that has none yet; a host that cannot be found from outside is not in it
 */
export function recordsOf(
  domain: string,
  agents: readonly { readonly name: string; readonly host: string }[],
  addresses: ReadonlyMap<string, string | null>,
): DnsRecord[] {
  const record = (name: string, host: string, agent: string | undefined): DnsRecord => {
    const value = addresses.get(host) ?? null;
    return { name, host, agent, type: value === null || IPV4.test(value) ? "A" : "CNAME", value, ttl: TTL };
  };
  const inhabited = [...new Set(agents.map(({ host }) => host))].toSorted();
  const first = inhabited.find((host) => addresses.has(host));
  if (first === undefined) return [];
  return [
    record(`*.${domain}`, first, undefined),
    ...agents.flatMap(({ name, host }) =>
      host === first || !addresses.has(host) ? [] : [record(hostnameOf(name, domain), host, name)],
    ),
  ];
}

/** What a zone has no room for would be refused half-way through. */
export const tooManyRecords = (records: readonly DnsRecord[], { dns }: Fleet): Problem[] =>
  dns.kind !== "cloudflare" || records.length <= dns.maxRecords
    ? []
    : [
        {
          path: "dns.maxRecords",
          value: dns.maxRecords,
          message: `the fleet needs ${records.length} records: a wildcard, and one for each agent that lives on another host than ${records[0]?.host}`,
          remedy:
            "place more agents on that host, use fewer and larger hosts, or a zone with room for more and say so here",
        },
      ];
