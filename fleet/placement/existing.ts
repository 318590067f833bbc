/** The hosts that exist, and which agents stay on them. */
import type { Problem } from "../config/problem.ts";
import type { HostEntry, Surroundings } from "../hosts/host.ts";
import type { Registry } from "../registry.ts";
import { byName, compare } from "../text.ts";
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
  /** In how many ways those that may no longer be together on a host can be parted. */
  readonly ways: number;
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

/** Ways to part agents that are looked at. */
const MOST_WAYS = 64;

/**
 * Who can stay on a host that all of these are on, in the order of preference: each time as many as may be together. Agents
 * that share a host stay rather than one that is to be alone, and of those that exclude each other, the first by name.
 */
function waysToPart(together: readonly Candidate[]): Candidate[][] {
  const shared = together.filter(({ isDedicated }) => !isDedicated);
  const words = Map.groupBy(
    shared.filter(({ antiAffinity }) => antiAffinity !== undefined),
    ({ antiAffinity }) => antiAffinity,
  );
  let ways = shared.length === 0 ? [] : [shared.filter(({ antiAffinity }) => antiAffinity === undefined)];
  for (const alike of words.values())
    ways = ways.flatMap((way) => alike.map((agent) => [...way, agent])).slice(0, MOST_WAYS);
  return [...ways, ...together.filter(({ isDedicated }) => isDedicated).map((agent) => [agent])];
}

/** Why an agent may not stay with those that do. */
function reasonToPart(agent: Candidate, host: string, staying: readonly Candidate[]): string {
  const dedicated = staying.find(({ isDedicated }) => isDedicated);
  if (agent.isDedicated) return "it is to be alone on its host";
  return dedicated === undefined
    ? `another agent with antiAffinity ${agent.antiAffinity} is on ${host}`
    : `${dedicated.name} is to be alone on ${host}`;
}

const slotIsGone = (agent: string, host: string, slot: number, group: HostGroup): Problem => ({
  path: `hosts.${group.name}.ports`,
  message: `agent ${agent} has slot ${slot} on ${host}, which is beyond the ranges of ports and subnets`,
  remedy: "widen them again; ranges grow at their end",
});

/**
 * Leaves agents where they are, unless their entry or their host's says otherwise.
 *
 * @param way to part those that may no longer be together, below `ways`
 */
export function keepRunning(
  agents: readonly Candidate[],
  hosts: ReadonlyMap<string, PlacementHost>,
  registry: Registry,
  way = 0,
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
  let [ways, rest] = [1, way];
  for (const [host, together] of [...staying].toSorted(([a], [b]) => byName(a, b))) {
    const choices = waysToPart(together.toSorted(byName));
    const chosen = choices[rest % choices.length] ?? [];
    rest = Math.floor(rest / choices.length);
    ways = Math.min(MOST_WAYS, ways * choices.length);
    for (const agent of together) {
      if (chosen.includes(agent)) host.keep(agent);
      else move(agent, host.name, reasonToPart(agent, host.name, chosen));
    }
  }
  return { moves: moves.toSorted((a, b) => compare(a.agent, b.agent)), ways, waiting, problems };
}
