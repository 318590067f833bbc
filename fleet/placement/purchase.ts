/** The cheapest servers for agents that no host has room for, and who lives on which. */
import type { Amounts } from "./sizing.ts";
import type { Offer } from "./offers.ts";
import { type Packed, type Shape, usefulBoxes } from "./packing.ts";
import { pack } from "./relaxed.ts";
import { type Candidate, Site } from "./placement-host.ts";

export interface Purchase {
  readonly offer: Offer;
  readonly agents: readonly Candidate[];
}

/** Fillings are searched among so many kinds of agents; with more, those that only `spread` tells apart count as one. */
const MOST_SHAPES = 12;

export const suitsOffer = ({ pin, location }: Candidate, offer: Offer): boolean =>
  (pin === undefined || pin === offer.group) && (location === undefined || location === offer.location);

interface Kind extends Shape {
  readonly agents: readonly Candidate[];
}

/** @param agents must each fit one of the offers. None of them is dedicated. */
export function cheapestServers(agents: readonly Candidate[], offers: readonly Offer[]): Purchase[] {
  const purchases: Purchase[] = [];
  let waiting = agents;
  while (waiting.length > 0) {
    const kinds = kindsOf(waiting, offers);
    const bought = pack(kinds, offers, usefulBoxes(offers, kinds));
    const { sites, left } = deal(kinds, bought, offers);
    for (const site of sites) {
      if (site.agents.length > 0) purchases.push({ offer: site.options.offer as Offer, agents: site.agents });
    }
    waiting = left;
  }
  return purchases;
}

/** The cheapest offer that holds one agent, or several together; none where no offer does. */
export const cheapestServer = (
  agents: readonly Candidate[],
  need: Amounts,
  offers: readonly Offer[],
): Offer | undefined =>
  offers
    .filter((offer) => agents.every((agent) => suitsOffer(agent, offer)))
    .filter(({ capacity }) => need.every((amount, dimension) => amount <= (capacity[dimension] ?? 0)))
    .reduce<Offer | undefined>(
      (best, offer) => (best === undefined || offer.monthly < best.monthly ? offer : best),
      undefined,
    );

function kindsOf(agents: readonly Candidate[], offers: readonly Offer[]): Kind[] {
  const group = (keyOf: (agent: Candidate) => unknown[]): Candidate[][] => [
    ...Map.groupBy(agents, (agent) =>
      JSON.stringify([agent.need, agent.pin, agent.location, ...keyOf(agent)]),
    ).values(),
  ];
  const told = group(({ spread }) => [spread]);
  const isTold = told.length <= MOST_SHAPES;
  return (isTold ? told : group(() => []))
    .map((members) => {
      const first = members[0] as Candidate;
      return {
        need: first.need,
        count: members.length,
        allowed: offers.map((offer) => suitsOffer(first, offer)),
        spread: isTold ? first.spread : undefined,
        // Those that must not meet are neighbours here, so that dealing them out in turn parts them.
        agents: members.toSorted(
          (a, b) => compare(a.spread ?? "", b.spread ?? "") || compare(a.name, b.name),
        ),
      };
    })
    .toSorted(
      (a, b) => compareAmounts(b.need, a.need) || compare(a.agents[0]?.name ?? "", b.agents[0]?.name ?? ""),
    );
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const compareAmounts = (a: Amounts, b: Amounts): number =>
  a.map((amount, dimension) => amount - (b[dimension] ?? 0)).find((difference) => difference !== 0) ?? 0;

/** Gives the agents to the servers in turn. Left are those who would meet someone they must not. */
function deal(
  kinds: readonly Kind[],
  bought: readonly Packed[],
  offers: readonly Offer[],
): { sites: Site[]; left: Candidate[] } {
  const sites = bought.map(({ box }, index) => {
    const offer = offers[box] as Offer;
    const freeSlots = offer.machine.maxAgents;
    return new Site({
      name: `${offer.group}#${index}`,
      entry: offer.group,
      capacity: offer.capacity,
      location: offer.location,
      offer,
      isDraining: false,
      freeSlots,
    });
  });
  const left: Candidate[] = [];
  for (const [kind, { agents }] of kinds.entries()) {
    const places = sites.map((site, index) => ({ site, count: bought[index]?.counts[kind] ?? 0 }));
    let open = places.filter(({ count }) => count > 0);
    let next = 0;
    for (const agent of agents) {
      const turns = open.findIndex((_, turn) => isOpen(open[(next + turn) % open.length], agent));
      const place = open[(next + turns) % open.length];
      if (turns < 0 || place === undefined) {
        left.push(agent);
        continue;
      }
      place.site.place(agent);
      place.count--;
      next = (next + turns + 1) % open.length;
      // Once around, so that a large fleet's servers are not copied for each that is full.
      if (next === 0) open = open.filter(({ count }) => count > 0);
    }
  }
  // What one kind could not use may do for an agent of another.
  return { sites, left: left.filter((agent) => !placeOn(sites, agent)) };
}

const isOpen = (place: { site: Site; count: number } | undefined, agent: Candidate): boolean =>
  place !== undefined && place.count > 0 && place.site.tolerates(agent);

function placeOn(sites: readonly Site[], agent: Candidate): boolean {
  const site = sites.find((each) => each.hasRoomFor(agent));
  site?.place(agent);
  return site !== undefined;
}
