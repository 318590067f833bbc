/**
 * Agents without a host are placed on those that exist: first by a rule of thumb, and where that leaves agents over, by trying
 * everything.
 */
import { byName, compare } from "../text.ts";
import { binsOf } from "./bin.ts";
import { canBuyFor, type Market } from "./market.ts";
import type { Candidate, PlacementHost } from "./placement-host.ts";
import { type Assignment, type Budget, findPlaces } from "./search.ts";

/** Returns the agents that are left over: where any arrangement allows it none, or else only such as can be bought for. */
export function fillHosts(
  waiting: readonly Candidate[],
  hosts: readonly PlacementHost[],
  market: Market,
  budget: Budget,
): Candidate[] {
  if (waiting.length === 0) return [];
  const bins = binsOf(hosts);
  const left = placeByRule(waiting, hosts);
  if (left.length === 0 || bins.length === 0) return left;
  const tryAll = (agents: readonly Candidate[]): boolean => {
    const places = findPlaces(agents, bins, budget);
    if (places === undefined) return false;
    carryOut(places, hosts);
    return true;
  };
  if (tryAll(waiting)) return [];
  const isBound = (agent: Candidate): boolean => !canBuyFor(agent, market);
  if (!left.some(isBound) || !tryAll(waiting.filter(isBound))) return left;
  return placeByRule(
    waiting.filter((agent) => !isBound(agent)),
    hosts,
  );
}

/** Instead of what has been placed on the hosts before. */
export function carryOut(places: Assignment, hosts: readonly PlacementHost[]): void {
  for (const host of hosts) host.withdraw();
  for (const [{ host }, agents] of places) for (const agent of agents) host?.place(agent);
}

/**
 * Sorts those hardest to place first: those with the fewest hosts to choose from, dedicated ones, those that exclude others,
 * large ones.
 */
const difficulty = (agent: Candidate, choices: number): string =>
  [
    String(choices).padStart(6, "0"),
    agent.isDedicated ? "0" : "1",
    agent.antiAffinity === undefined ? "1" : "0",
    ...agent.need.map((amount) => String(1e9 - amount * 100).padStart(12, "0")),
    agent.pin ?? "",
    agent.location ?? "",
    agent.antiAffinity ?? "",
  ].join("/");

const hasKnownMemory = ({ options }: PlacementHost): boolean => Number.isFinite(options.capacity[0]);

/** Agents that are alike are placed together, so hosts are searched once for them. */
export function placeByRule(waiting: readonly Candidate[], hosts: readonly PlacementHost[]): Candidate[] {
  const left: Candidate[] = [];
  const choices = new Map<string, number>();
  const choicesOf = (agent: Candidate): number => {
    const key = `${agent.pin ?? ""}/${agent.location ?? ""}`;
    const known =
      choices.get(key) ?? hosts.filter((host) => !host.options.isDraining && host.suits(agent)).length;
    choices.set(key, known);
    return known;
  };
  const groups = [...Map.groupBy(waiting, (agent) => difficulty(agent, choicesOf(agent)))];
  for (const [, agents] of groups.toSorted(([a], [b]) => compare(a, b))) {
    const queue = agents.toSorted((a, b) => compare(b.name, a.name));
    const fullestFirst = hosts
      .filter(hasKnownMemory)
      .toSorted((a, b) => b.utilization - a.utilization || compare(a.name, b.name));
    for (const host of fullestFirst) {
      for (
        let agent = queue.at(-1);
        agent !== undefined && host.hasCapacityFor(agent);
        agent = queue.at(-1)
      ) {
        host.place(agent);
        queue.pop();
      }
    }
    const unlimited = hosts.filter((host) => !hasKnownMemory(host));
    for (let agent = queue.pop(); agent !== undefined; agent = queue.pop()) {
      const host = emptiest(unlimited, agent);
      if (host === undefined) left.push(agent);
      else host.place(agent);
    }
  }
  return left.toSorted(byName);
}

const emptiest = (hosts: readonly PlacementHost[], agent: Candidate): PlacementHost | undefined =>
  hosts
    .filter((host) => host.hasCapacityFor(agent))
    .toSorted((a, b) => (a.used[0] ?? 0) - (b.used[0] ?? 0) || compare(a.name, b.name))[0];
