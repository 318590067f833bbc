/**
 * Which agent is on which host. What runs stays, unless its entry or its host's says otherwise; a new agent goes to the
 * fullest host that has capacity for it; and only for those that fit nowhere is something bought.
 */
import type { Agent, Fleet } from "../config/fleet.ts";
import { FleetError } from "../config/problem.ts";
import type { Catalogue } from "../hosts/hetzner/catalogue.ts";
import type { Registry, Slot } from "../registry.ts";
import { byName } from "../text.ts";
import { existingHosts, keepRunning, type Move } from "./existing.ts";
import { type Growth, growFleet } from "./grow.ts";
import type { Candidate, PlacementHost } from "./placement-host.ts";
import { amountsOf } from "./sizing.ts";
import { SlotPool } from "./slots.ts";

export interface Placement {
  /** By name. */
  readonly hosts: readonly PlacementHost[];
  readonly slots: ReadonlyMap<string, Slot>;
  readonly moves: readonly Move[];
  readonly growth: Growth;
  /** Servers that this update deletes, and what each has cost a month; 0 where the catalogue does not say. */
  readonly retired: readonly { readonly server: string; readonly monthly: number }[];
}

/** @throws FleetError with everything that does not fit, and by how much. */
export function placeFleet(fleet: Fleet, registry: Registry, catalogue: Catalogue): Placement {
  const surroundings = { registry, catalogue, sizing: fleet.settings.sizing };
  const candidates = fleet.agents.map(candidateOf);
  const attempt = (way: number) => {
    const existing = existingHosts(fleet.hosts, surroundings);
    const kept = keepRunning(candidates, existing.hosts, registry, way);
    const growth = growFleet(kept.waiting, [...existing.hosts.values()], fleet.hosts, surroundings);
    return { existing, kept, growth };
  };
  const preferred = attempt(0);
  let chosen = preferred;
  for (let way = 1; chosen.growth.problems.length > 0 && way < preferred.kept.ways; way++)
    chosen = attempt(way);
  const { existing, kept, growth } = chosen.growth.problems.length > 0 ? preferred : chosen;
  const problems = [...existing.problems, ...kept.problems, ...growth.problems];
  if (problems.length > 0) throw new FleetError(problems);
  const grown = new Map(growth.hosts.map((host) => [host.name, host]));
  const hosts = [...new Map([...existing.hosts, ...grown]).values()].toSorted(byName);
  return {
    hosts,
    slots: numberSlots(hosts, registry),
    moves: kept.moves,
    growth,
    retired: existing.retired,
  };
}

export const candidateOf = ({ name, class: agentClass, settings }: Agent): Candidate => ({
  name,
  class: agentClass.name,
  need: amountsOf(agentClass),
  pin: settings.host,
  location: settings.location,
  antiAffinity: settings.antiAffinity,
  isDedicated: settings.isolation === "dedicated",
});

function numberSlots(hosts: readonly PlacementHost[], registry: Registry): Map<string, Slot> {
  const slots = new Map<string, Slot>();
  const taken = Map.groupBy(registry.agents.values(), ({ host }) => host);
  for (const { name: host, agents, options } of hosts) {
    const pool = new SlotPool(
      options.group.ranges,
      (taken.get(host) ?? []).map(({ slot }) => slot),
    );
    for (const { name } of agents.toSorted(byName)) {
      const known = registry.agents.get(name);
      const slot = known?.host === host ? known.slot : pool.take();
      if (slot === undefined) throw new RangeError(`${host} was given more agents than it has slots`);
      slots.set(name, { host, slot });
    }
  }
  return slots;
}
