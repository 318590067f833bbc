/** The DNS records that resolve each agent's name to its host. Their number grows with hosts, not with agents. */
import type { Problem } from "../config/problem.ts";
import type { FleetSettings } from "../config/schema.ts";
import type { PublicAddress } from "../hosts/host.ts";
import { isIpv4 } from "../ipv4.ts";
import { hostnameOf } from "../names.ts";

export interface DnsRecord {
  readonly name: string;
  /** The host that it resolves to. */
  readonly host: string;
  /** The agent that it is for; undefined for the wildcard, which is for all. */
  readonly agent: string | undefined;
  readonly type: "A" | "CNAME";
  /** Null for the address of a server that does not exist yet. */
  readonly value: string | null;
  /** Seconds. Short, because an agent's move changes a record. */
  readonly ttl: number;
}

const TTL = 300;

/**
 * A wildcard for the first host, and an explicit record for each agent that is elsewhere: an explicit record overrides a
 * wildcard, and a zone holds only a few hundred of them.
 *
 * @param agents the public ones
 * @param addresses by host
 */
export function dnsRecords(
  domain: string,
  agents: readonly { readonly name: string; readonly host: string }[],
  addresses: ReadonlyMap<string, PublicAddress>,
): DnsRecord[] {
  const isReachable = (host: string): boolean => addresses.get(host) !== undefined;
  const record = (name: string, host: string, agent: string | undefined): DnsRecord => {
    const value = addresses.get(host) ?? null;
    return { name, host, agent, type: value === null || isIpv4(value) ? "A" : "CNAME", value, ttl: TTL };
  };
  const inUse = [...new Set(agents.map(({ host }) => host))].toSorted();
  const first = inUse.find(isReachable);
  if (first === undefined) return [];
  return [
    record(`*.${domain}`, first, undefined),
    ...agents.flatMap(({ name, host }) =>
      host === first || !isReachable(host) ? [] : [record(hostnameOf(name, domain), host, name)],
    ),
  ];
}

/** A zone that is full would refuse records half-way through. */
export const tooManyRecords = (records: readonly DnsRecord[], { dns }: FleetSettings): Problem[] =>
  dns.kind !== "cloudflare" || records.length <= dns.maxRecords
    ? []
    : [
        {
          path: "dns.maxRecords",
          value: dns.maxRecords,
          message: `the fleet needs ${records.length} records: a wildcard, and one for each agent that is on another host than ${records[0]?.host}`,
          remedy:
            "place more agents on that host, use fewer and larger hosts, or a zone with space for more and say so here",
        },
      ];
