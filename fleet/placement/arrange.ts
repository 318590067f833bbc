/**
 * The last resort for agents that no server can be bought for: any arrangement of them on hosts as they are and as they could
 * become. Where there is none, it is found out which of them are too many.
 */
import { type Grown, growableBins, growInto } from "./enlarge.ts";
import { placeByRule } from "./fill.ts";
import type { Market } from "./market.ts";
import type { Candidate, PlacementHost } from "./placement-host.ts";
import { type Assignment, findPlaces, MOST_AGENTS, MOST_LOOKS } from "./search.ts";

export interface Arrangement extends Grown {
  /** Those without a place: none of them could be added to the others, however these are arranged. */
  readonly left: readonly Candidate[];
}

/** @param bound agents that no server can be bought for; they alone are on the hosts afterwards */
export function arrange(
  bound: readonly Candidate[],
  hosts: readonly PlacementHost[],
  market: Market,
): Arrangement {
  for (const host of hosts) host.withdraw();
  const bins = growableBins(hosts, market);
  const all = findPlaces(bound, bins, { looks: MOST_LOOKS });
  if (all !== undefined) return { left: [], ...growInto(all, hosts, market) };
  const over = placeByRule(bound, hosts);
  const asTheyAre = { hosts, reasons: new Map(), purchases: [] };
  if (bound.length > MOST_AGENTS) return { left: over, ...asTheyAre };
  const placed = bound.filter((agent) => !over.includes(agent));
  const budget = { looks: MOST_LOOKS };
  const left: Candidate[] = [];
  let found: Assignment | undefined;
  for (const alike of Map.groupBy(over, ({ name: _, ...kind }) => JSON.stringify(kind)).values()) {
    for (const [index, agent] of alike.entries()) {
      const places = findPlaces([...placed, agent], bins, budget);
      if (places === undefined) {
        // Where one of a kind has no place, no other has.
        left.push(...alike.slice(index));
        break;
      }
      found = places;
      placed.push(agent);
    }
  }
  if (found === undefined) return { left, ...asTheyAre };
  for (const host of hosts) host.withdraw();
  return { left, ...growInto(found, hosts, market) };
}
