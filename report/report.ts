/** A plan as other programs read it, and as the renderers of `npm run plan` do: plain data. */
import type { DockerHostPlan } from "../fleet/docker/types.ts";
import type { GrowthOption } from "../fleet/placement/options.ts";
import { DIMENSIONS, type DimensionName } from "../fleet/placement/sizing.ts";
import type { Change } from "../fleet/plan/changes.ts";
import type { Costs } from "../fleet/plan/costs.ts";
import type { DnsRecord } from "../fleet/plan/dns.ts";
import type { FleetPlan } from "../fleet/plan-fleet.ts";

export interface Use {
  readonly used: number;
  /** Null where no limit is known. */
  readonly of: number | null;
}

/** A service as its host runs it. */
export interface ServiceReport {
  readonly name: string;
  readonly title: string;
  readonly image: string;
  /** What replacing its container does to people. */
  readonly replacing: string;
}

export interface HostReport {
  /** Null for a host that exists already; so with the next. */
  readonly serverType: string | null;
  readonly location: string | null;
  /** Null where the configuration does not say; so with the next two. */
  readonly memoryMb: number | null;
  readonly cpus: number | null;
  /** The disk with the agents' data. */
  readonly diskGb: number | null;
  /** Net, in the costs' currency. */
  readonly monthlyCost: number;
  readonly agents: readonly string[];
  readonly services: readonly ServiceReport[];
  /** In each dimension of the formula: what its agents take of what it can give. */
  readonly use: Readonly<Record<DimensionName, Use>>;
  readonly isNew: boolean;
  readonly isDraining: boolean;
}

export interface AgentReport {
  readonly host: string;
  readonly slot: number;
  readonly class: string;
  /** Hard limit, MiB. */
  readonly memoryMb: number;
  /** What its host sets aside for it, MiB. */
  readonly reservationMb: number;
  readonly enabled: boolean;
  readonly url: string;
}

export interface PlanReport {
  readonly stack: string;
  readonly hosts: Readonly<Record<string, HostReport>>;
  readonly agents: Readonly<Record<string, AgentReport>>;
  readonly cost: Costs;
  readonly changes: readonly Change[];
  /** Ways to make capacity for agents that did not fit. */
  readonly options: readonly GrowthOption[];
  readonly notices: readonly string[];
  /** What sets the records: `none` leaves it to the operator. */
  readonly dns: FleetPlan["dns"]["kind"];
  readonly records: readonly DnsRecord[];
}

function useOf({ used, capacity }: DockerHostPlan): HostReport["use"] {
  const inDimension = (name: DimensionName): Use => {
    const index = DIMENSIONS.findIndex((dimension) => dimension.name === name);
    return { used: used[index] ?? 0, of: capacity[index] ?? null };
  };
  return {
    memory: inDimension("memory"),
    memoryLimits: inDimension("memoryLimits"),
    cpus: inDimension("cpus"),
    disk: inDimension("disk"),
    agents: inDimension("agents"),
  };
}

/** @param effects changes to agents and services that stay on their hosts */
export function reportOf(
  { stack, hosts, agents, costs, changes, options, notices, records, dns }: FleetPlan,
  effects: readonly Change[] = [],
): PlanReport {
  const added = new Set(changes.flatMap(({ kind, name }) => (kind === "add-host" ? [name] : [])));
  const byHost = Map.groupBy(agents, ({ host }) => host);
  return {
    stack,
    hosts: Object.fromEntries(
      hosts.map((host) => [
        host.name,
        {
          serverType: host.offer?.serverType ?? null,
          location: host.offer?.location ?? null,
          ...host.machine,
          monthlyCost: host.offer?.monthly ?? 0,
          agents: (byHost.get(host.name) ?? []).map(({ name }) => name),
          services: host.services.map(({ name, title, image, replacing }) => ({
            name,
            title,
            image,
            replacing,
          })),
          use: useOf(host),
          isNew: added.has(host.name),
          isDraining: host.isDraining,
        },
      ]),
    ),
    agents: Object.fromEntries(
      agents.map(({ name, host, slot, class: className, limits, reservationMb, enabled, url }) => [
        name,
        { host, slot, class: className, memoryMb: limits.memoryMb, reservationMb, enabled, url },
      ]),
    ),
    cost: costs,
    changes: [...changes, ...effects],
    options,
    notices,
    dns: dns.kind,
    records,
  };
}
