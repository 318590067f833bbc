import type { Fleet } from "../config/fleet.ts";
import type { Catalogue } from "../hosts/hetzner/catalogue.ts";
import type { GrowthOption } from "../placement/options.ts";
import type { Placement } from "../placement/place.ts";
import type { Registry } from "../registry.ts";
import { byName } from "../text.ts";
import { planAgent } from "./agent.ts";
import { type Change, changesOf } from "./changes.ts";
import { type Costs, costsOf } from "./costs.ts";
import { planHost } from "./host.ts";
import type { AgentPlan, HostPlan } from "./types.ts";

export interface NeutralPlan {
  readonly agents: readonly AgentPlan[];
  readonly hosts: readonly HostPlan[];
  /** Against what exists. */
  readonly changes: readonly Change[];
  /** Ways to make capacity for agents that did not fit. */
  readonly options: readonly GrowthOption[];
  readonly costs: Costs;
}

/** What each agent and each host is, wherever it runs. */
export function planNeutrally(
  fleet: Fleet,
  placement: Placement,
  registry: Registry,
  catalogue: Catalogue,
): NeutralPlan {
  const hosts = placement.hosts.map(planHost);
  const hostOf = new Map(
    placement.hosts.flatMap((host) => host.agents.map(({ name }) => [name, planHost(host)] as const)),
  );
  const agents = fleet.agents.flatMap((agent) => {
    const host = hostOf.get(agent.name);
    return host === undefined
      ? []
      : [planAgent(agent, { name: host.name, cpus: host.machine.cpus }, fleet.settings)];
  });
  return {
    agents: agents.toSorted(byName),
    hosts,
    changes: changesOf(placement, registry, agents),
    options: placement.growth.options,
    costs: costsOf(hosts, fleet, catalogue),
  };
}
