/** What a search puts agents into: a host as it is, or as it could become. */
import { byName } from "../text.ts";
import type { Offer } from "./offer.ts";
import type { Candidate, PlacementHost } from "./placement-host.ts";
import { suitsOffer } from "./purchase.ts";
import { type Amounts, NOTHING } from "./sizing.ts";

/** One of the things that a bin can be. */
export interface Space {
  readonly capacity: Amounts;
  readonly location: string | undefined;
}

export interface Bin {
  /** Undefined for a server that would be its group's first. */
  readonly host: PlacementHost | undefined;
  readonly used: Amounts;
  readonly agents: readonly Candidate[];
  readonly freeSlots: number;
  /** It is one of these in the end. */
  readonly spaces: readonly Space[];
  /** Bins of the same word differ in nothing but what is in them. */
  readonly likeness: string;
  /** Whether the agent's pin and location allow it, in one of its spaces at least. */
  suits(agent: Candidate): boolean;
}

/** A server that would be its group's first, of any of these offers. */
export function binToOrder(offers: readonly Offer[], group: string): Bin {
  return {
    host: undefined,
    used: NOTHING,
    agents: [],
    freeSlots: Math.max(0, ...offers.map(({ machine }) => machine.maxAgents)),
    spaces: offers,
    likeness: `first of ${group}`,
    suits: (agent) => offers.some((offer) => suitsOffer(agent, offer)),
  };
}

/** Hosts that accept agents. */
export const binsOf = (
  hosts: readonly PlacementHost[],
  largerThan: (host: PlacementHost) => readonly Offer[] = () => [],
): Bin[] =>
  hosts
    .filter(({ options }) => !options.isDraining)
    .toSorted(byName)
    .map((host) => binOf(host, largerThan(host)));

/** @param larger offers that the host's server could be changed to */
function binOf(host: PlacementHost, larger: readonly Offer[]): Bin {
  const { capacity, location, group } = host.options;
  const spaces = [{ capacity, location }, ...larger.map((offer) => ({ capacity: offer.capacity, location }))];
  return {
    host,
    used: host.used,
    agents: [...host.agents],
    freeSlots: host.freeSlots,
    spaces,
    likeness: JSON.stringify([group.name, spaces]),
    suits: (agent) => host.suits(agent),
  };
}
