/** Which agents have no place, where not all have one. */
import { growableBins, growInto } from "./enlarge.ts";
import { placeByRule } from "./fill.ts";
import { canBuyFor, type Market } from "./market.ts";
import type { Candidate, PlacementHost } from "./placement-host.ts";
import { type Assignment, findPlaces, MOST_AGENTS, MOST_LOOKS } from "./search.ts";

export interface Blame {
  readonly agents: readonly Candidate[];
  /** With all others on them that no server can be bought for. */
  readonly hosts: readonly PlacementHost[];
}

/** To those that are not to blame, none of the others could be added, however they are arranged. */
export function blame(waiting: readonly Candidate[], hosts: readonly PlacementHost[], market: Market): Blame {
  for (const host of hosts) host.withdraw();
  const bound = waiting.filter((agent) => !canBuyFor(agent, market));
  const bins = growableBins(hosts, market);
  const left = placeByRule(bound, hosts);
  if (bound.length > MOST_AGENTS) return { agents: left, hosts };
  const budget = { looks: MOST_LOOKS };
  const placed = bound.filter((agent) => !left.includes(agent));
  const agents: Candidate[] = [];
  let found: Assignment | undefined;
  const kinds = Map.groupBy(left, ({ name: _, ...kind }) => JSON.stringify(kind));
  for (const alike of kinds.values()) {
    for (const [index, agent] of alike.entries()) {
      const places = findPlaces([...placed, agent], bins, budget);
      if (places === undefined) {
        // Where one of a kind has no place, no other has.
        agents.push(...alike.slice(index));
        break;
      }
      found = places;
      placed.push(agent);
    }
  }
  if (found === undefined) return { agents, hosts };
  for (const host of hosts) host.withdraw();
  return { agents, hosts: growInto(found, hosts, market).hosts };
}
