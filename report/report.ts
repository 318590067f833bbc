/** A plan as other programs read it, and as the two renderers of `npm run plan` do: plain data. */
import type { Change } from "../fleet/plan/changes.ts";
import type { Costs } from "../fleet/plan/costs.ts";
import type { DnsRecord } from "../fleet/plan/dns.ts";
import type { GrowthOption } from "../fleet/placement/growth.ts";
import type { FleetPlan, HostPlan } from "../fleet/plan/plan.ts";
import { DIMENSIONS } from "../fleet/placement/sizing.ts";

export interface Use {
  readonly used: number;
  /** Null where no limit is known. */
  readonly of: number | null;
}

export interface HostReport {
  /** Null for a host of the operator's own; so with the next. */
  readonly serverType: string | null;
  readonly location: string | null;
  /** Null where the configuration does not say; so with the next two. */
  readonly memoryMb: number | null;
  readonly cpus: number | null;
  /** Where the agents' data is. */
  readonly diskGb: number | null;
  /** Net, in the costs' currency. */
  readonly monthlyCost: number;
  readonly agents: readonly string[];
  /** In each dimension of the formula: what its agents take of what it can give. */
  readonly use: Readonly<Record<(typeof DIMENSIONS)[number]["name"], Use>>;
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
  /** Ways to make room, where agents had none. */
  readonly options: readonly GrowthOption[];
  readonly notices: readonly string[];
  /** Who sets the records: `none` leaves it to the operator. */
  readonly dns: FleetPlan["dns"]["kind"];
  readonly records: readonly DnsRecord[];
}

const useOf = ({ used, capacity }: HostPlan): HostReport["use"] =>
  Object.fromEntries(
    DIMENSIONS.map(({ name }, dimension) => [name, { used: used[dimension] ?? 0, of: capacity[dimension] ?? null }]),
  ) as HostReport["use"];

export function reportOf({
  stack,
  hosts,
  agents,
  costs,
  changes,
  options,
  notices,
  records,
  dns,
}: FleetPlan): PlanReport {
  const added = new Set(changes.flatMap(({ kind, name }) => (kind === "add-host" ? [name] : [])));
  const byHost = Map.groupBy(agents, ({ host }) => host);
  return {
    stack,
    hosts: Object.fromEntries(
      hosts.map((host) => {
        const rented = host.origin.kind === "hetzner" ? host.origin : undefined;
        return [
          host.name,
          {
            serverType: rented?.serverType ?? null,
            location: rented?.location ?? null,
            ...host.machine,
            monthlyCost: rented?.monthlyCost ?? 0,
            agents: (byHost.get(host.name) ?? []).map(({ name }) => name),
            use: useOf(host),
            isNew: added.has(host.name),
            isDraining: host.isDraining,
          },
        ];
      }),
    ),
    agents: Object.fromEntries(
      agents.map(({ name, host, slot, class: className, limits, reservationMb, enabled, url }) => [
        name,
        { host, slot, class: className, memoryMb: limits.memoryMb, reservationMb, enabled, url },
      ]),
    ),
    cost: costs,
    changes,
    options,
    notices,
    dns: dns.kind,
    records,
  };
}
