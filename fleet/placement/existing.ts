/** The hosts that exist, and which agents stay on them. */
import type { Problem } from "../config/problem.ts";
import type { HostEntry, Surroundings } from "../hosts/host.ts";
import type { Registry } from "../registry.ts";
import { compare } from "../text.ts";
import type { HostGroup } from "./offer.ts";
import { type Candidate, PlacementHost } from "./placement-host.ts";
import { slotsIn } from "./slots.ts";

export interface Existing {
  /** By name. */
  readonly hosts: ReadonlyMap<string, PlacementHost>;
  readonly retired: readonly { readonly server: string; readonly monthly: number }[];
  readonly problems: readonly Problem[];
}

export function existingHosts(entries: ReadonlyMap<string, HostEntry>, surroundings: Surroundings): Existing {
  const taken = Map.groupBy(surroundings.registry.agents.values(), ({ host }) => host);
  const freeSlots = (name: string, { ranges }: HostEntry): number => {
    const end = slotsIn(ranges);
    return end - (taken.get(name) ?? []).filter(({ slot }) => slot < end).length;
  };
  const existing = [...entries.values()].map((entry) => ({ entry, ...entry.existing(surroundings) }));
  return {
    hosts: new Map(
      existing.flatMap(({ entry, hosts }) =>
        hosts.map((host) => [
          host.name,
          new PlacementHost({ ...host, group: entry, freeSlots: freeSlots(host.name, entry) }),
        ]),
      ),
    ),
    retired: existing.flatMap(({ retired }) => retired),
    problems: existing.flatMap(({ problems }) => problems),
  };
}

export interface Move {
  readonly agent: string;
  readonly from: string;
  readonly why: string;
}

export interface Kept {
  readonly moves: readonly Move[];
  /** Agents that need a host: new ones, and those that move. */
  readonly waiting: readonly Candidate[];
  readonly problems: readonly Problem[];
}

/** Undefined where the agent may stay. */
function reasonToMove(agent: Candidate, host: string, found: PlacementHost | undefined): string | undefined {
  if (found === undefined) return `${host} is no longer a host of the fleet`;
  if (found.options.isDraining) return `${host} is drained`;
  if (found.suits(agent)) return undefined;
  return agent.pin !== undefined && agent.pin !== host && agent.pin !== found.options.group.name
    ? `it is pinned to ${agent.pin}`
    : `it is restricted to ${agent.location}`;
}

/** Why an agent may not stay with the others on its host; undefined where it may. */
function reasonToPart(agent: Candidate, host: PlacementHost, shared: number): string | undefined {
  if (agent.isDedicated && (shared > 0 || host.agents.length > 0)) return "it is to be alone on its host";
  return host.tolerates(agent)
    ? undefined
    : `another agent with antiAffinity ${agent.antiAffinity} is on ${host.name}`;
}

const slotIsGone = (agent: string, host: string, slot: number, group: HostGroup): Problem => ({
  path: `hosts.${group.name}.ports`,
  message: `agent ${agent} has slot ${slot} on ${host}, which is beyond the ranges of ports and subnets`,
  remedy: "widen them again; ranges grow at their end",
});

/** Leaves agents where they are, unless their entry or their host's says otherwise. */
export function keepRunning(
  agents: readonly Candidate[],
  hosts: ReadonlyMap<string, PlacementHost>,
  registry: Registry,
): Kept {
  const moves: Move[] = [];
  const waiting: Candidate[] = [];
  const problems: Problem[] = [];
  const staying = new Map<PlacementHost, Candidate[]>();
  const move = (agent: Candidate, from: string, why: string): void => {
    moves.push({ agent: agent.name, from, why });
    waiting.push(agent);
  };
  for (const agent of agents) {
    const known = registry.agents.get(agent.name);
    if (known === undefined) {
      waiting.push(agent);
      continue;
    }
    const host = hosts.get(known.host);
    const why = reasonToMove(agent, known.host, host);
    if (host === undefined || why !== undefined) move(agent, known.host, why ?? "");
    else if (known.slot >= slotsIn(host.options.group.ranges))
      problems.push(slotIsGone(agent.name, known.host, known.slot, host.options.group));
    else staying.set(host, [...(staying.get(host) ?? []), agent]);
  }
  for (const [host, together] of staying) {
    const shared = together.filter(({ isDedicated }) => !isDedicated).length;
    for (const agent of together) {
      const why = reasonToPart(agent, host, shared);
      if (why === undefined) host.keep(agent);
      else move(agent, host.name, why);
    }
  }
  return { moves: moves.toSorted((a, b) => compare(a.agent, b.agent)), waiting, problems };
}
