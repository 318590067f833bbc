/** The cheapest servers for agents that no host has capacity for, and which agent is on which. */
import { compare } from "../text.ts";
import type { Offer } from "./offer.ts";
import { type Packed, type Shape, usefulBoxes } from "./packing.ts";
import { type Candidate, PlacementHost } from "./placement-host.ts";
import { pack } from "./relaxed.ts";
import { type Amounts, DISK } from "./sizing.ts";
import { withVolumeFor } from "./volume.ts";

export interface Purchase {
  readonly offer: Offer;
  readonly agents: readonly Candidate[];
}

/** Fillings are searched among so many kinds of agents; with more, those that differ in `antiAffinity` only count as one. */
const MOST_SHAPES = 12;

export const suitsOffer = ({ pin, location }: Candidate, offer: Offer): boolean =>
  (pin === undefined || pin === offer.group.name) && (location === undefined || location === offer.location);

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
    const { servers, left } = distribute(kinds, bought, offers);
    for (const { offer, host } of servers) {
      if (host.agents.length > 0)
        purchases.push({ offer: withVolumeFor(offer, host.used[DISK] ?? 0), agents: host.agents });
    }
    waiting = left;
  }
  return purchases;
}

/** The cheapest offer that holds one agent, or several together, with a volume of that size; none where no offer does. */
export const cheapestServer = (
  agents: readonly Candidate[],
  need: Amounts,
  offers: readonly Offer[],
): Offer | undefined =>
  offers
    .filter((offer) => agents.every((agent) => suitsOffer(agent, offer)))
    .filter(({ capacity }) => need.every((amount, dimension) => amount <= (capacity[dimension] ?? 0)))
    .map((offer) => withVolumeFor(offer, need[DISK] ?? 0))
    .reduce<Offer | undefined>(
      (best, offer) => (best === undefined || offer.monthly < best.monthly ? offer : best),
      undefined,
    );

function kindsOf(agents: readonly Candidate[], offers: readonly Offer[]): Kind[] {
  const group = (keyOf: (agent: Candidate) => unknown[]): [Candidate, ...Candidate[]][] =>
    [
      ...Map.groupBy(agents, (agent) =>
        JSON.stringify([agent.need, agent.pin, agent.location, ...keyOf(agent)]),
      ).values(),
    ].flatMap(([first, ...others]) => (first === undefined ? [] : [[first, ...others]]));
  const distinguished = group(({ antiAffinity }) => [antiAffinity]);
  const isDistinguished = distinguished.length <= MOST_SHAPES;
  return (isDistinguished ? distinguished : group(() => []))
    .map((members) => ({
      need: members[0].need,
      count: members.length,
      allowed: offers.map((offer) => suitsOffer(members[0], offer)),
      antiAffinity: isDistinguished ? members[0].antiAffinity : undefined,
      // Agents that exclude each other are neighbours here, so that distributing them round-robin separates them.
      agents: members.toSorted(
        (a, b) => compare(a.antiAffinity ?? "", b.antiAffinity ?? "") || compare(a.name, b.name),
      ),
    }))
    .toSorted(
      (a, b) => compareAmounts(b.need, a.need) || compare(a.agents[0]?.name ?? "", b.agents[0]?.name ?? ""),
    );
}

const compareAmounts = (a: Amounts, b: Amounts): number =>
  a.map((amount, dimension) => amount - (b[dimension] ?? 0)).find((difference) => difference !== 0) ?? 0;

interface OrderedServer {
  readonly offer: Offer;
  readonly host: PlacementHost;
  readonly counts: readonly number[];
}

/** Distributes agents round-robin; returns those that anti-affinity keeps out. */
function distribute(
  kinds: readonly Kind[],
  bought: readonly Packed[],
  offers: readonly Offer[],
): { servers: OrderedServer[]; left: Candidate[] } {
  const servers = bought.flatMap(({ box, counts }, index): OrderedServer[] => {
    const offer = offers[box];
    return offer === undefined
      ? []
      : [{ offer, counts, host: PlacementHost.ordered(`${offer.group.name}#${index}`, offer) }];
  });
  const left: Candidate[] = [];
  for (const [kind, { agents }] of kinds.entries()) {
    const places = servers.map(({ host, counts }) => ({ host, count: counts[kind] ?? 0 }));
    let open = places.filter(({ count }) => count > 0);
    let next = 0;
    for (const agent of agents) {
      const turns = open.findIndex((_, turn) => isOpen(open[(next + turn) % open.length], agent));
      const place = open[(next + turns) % open.length];
      if (turns < 0 || place === undefined) {
        left.push(agent);
        continue;
      }
      place.host.place(agent);
      place.count--;
      next = (next + turns + 1) % open.length;
      // Once around, so that a large fleet's servers are not copied for each that is full.
      if (next === 0) open = open.filter(({ count }) => count > 0);
    }
  }
  // What one kind could not use may hold an agent of another.
  return { servers, left: left.filter((agent) => !placeOn(servers, agent)) };
}

const isOpen = (place: { host: PlacementHost; count: number } | undefined, agent: Candidate): boolean =>
  place !== undefined && place.count > 0 && place.host.tolerates(agent);

function placeOn(servers: readonly OrderedServer[], agent: Candidate): boolean {
  const server = servers.find(({ host }) => host.hasCapacityFor(agent));
  server?.host.place(agent);
  return server !== undefined;
}
