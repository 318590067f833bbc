/** What could be bought, by what it may be bought for. */
import type { HostEntry, Surroundings } from "../hosts/host.ts";
import type { Offer } from "./offer.ts";
import type { Candidate, PlacementHost } from "./placement-host.ts";
import { suitsOffer } from "./purchase.ts";
import { fits } from "./sizing.ts";

export interface Market {
  readonly all: readonly Offer[];
  readonly addable: readonly Offer[];
  /** Of groups that may only resize: their first server has to come from somewhere. */
  readonly firsts: readonly Offer[];
}

export function openMarket(
  entries: ReadonlyMap<string, HostEntry>,
  existing: readonly PlacementHost[],
  surroundings: Surroundings,
): Market {
  const groups = [...entries.values()].map((entry) => ({ entry, offers: entry.offers(surroundings) }));
  const offersOf = (isMeant: (entry: HostEntry) => boolean): Offer[] =>
    groups.flatMap(({ entry, offers }) => (isMeant(entry) ? offers : []));
  const mayAdd = ({ growth }: HostEntry): boolean => growth.includes("add");
  return {
    all: offersOf(() => true),
    addable: offersOf(mayAdd),
    firsts: offersOf(
      (entry) => !mayAdd(entry) && !existing.some(({ options }) => options.group.name === entry.name),
    ),
  };
}

/** Whether a server can be bought for the agent, whoever else needs one. */
export const canBuyFor = (agent: Candidate, { addable, firsts }: Market): boolean =>
  isHeldBy(agent, addable) || (agent.isDedicated && isHeldBy(agent, firsts));

export const isHeldBy = (agent: Candidate, offers: readonly Offer[]): boolean =>
  offers.some((offer) => suitsOffer(agent, offer) && fits(agent.need, offer.capacity));
