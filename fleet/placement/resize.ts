/** Making a server larger. */
import type { Offer } from "./offer.ts";
import type { PossibleResize } from "./options.ts";
import type { Candidate, PlacementHost } from "./placement-host.ts";
import { cheapestServer } from "./purchase.ts";
import { type Amounts, add, NOTHING } from "./sizing.ts";
import { keepingVolume, monthlyFor } from "./volume.ts";

export const sumOf = (agents: readonly Candidate[]): Amounts =>
  agents.reduce((total: Amounts, { need }) => add(total, need), NOTHING);

/** Whether no two of the agents exclude each other, and none is to be alone. */
export function mayMeet(agents: readonly Candidate[]): boolean {
  if (agents.length > 1 && agents.some(({ isDedicated }) => isDedicated)) return false;
  const words = agents.flatMap(({ antiAffinity }) => (antiAffinity === undefined ? [] : [antiAffinity]));
  return new Set(words).size === words.length;
}

/** Disks, memory and volumes are never made smaller. */
const isAtLeast = (to: number | undefined, from: number | undefined): boolean => (to ?? 0) >= (from ?? 0);

/** What a server can be changed to, with a data volume of the size that it has. */
export function largerOffers({ options }: PlacementHost, offers: readonly Offer[]): Offer[] {
  const now = options.offer;
  if (now === undefined || options.isDraining) return [];
  return offers
    .filter(
      (to) =>
        to.group.name === now.group.name &&
        to.location === now.location &&
        to.architecture === now.architecture,
    )
    .map((to) => keepingVolume(to, now))
    .filter(
      (to) =>
        to.monthly > monthlyFor(now, to.machine.dataGb ?? 0) &&
        isAtLeast(to.machine.diskGb, now.machine.diskGb) &&
        isAtLeast(to.machine.memoryMb, now.machine.memoryMb) &&
        isAtLeast(to.machine.dataGb, now.machine.dataGb),
    );
}

/** The cheapest type that a server can be changed to and that holds its agents and these. */
export function cheapestLarger(
  host: PlacementHost,
  newcomers: readonly Candidate[],
  offers: readonly Offer[],
): Offer | undefined {
  // A pin to this very server is met already, and no offer would meet it.
  const unpinned = newcomers.map(({ pin: _, ...agent }) => agent);
  return cheapestServer(unpinned, add(host.used, sumOf(newcomers)), largerOffers(host, offers));
}

/** The cheapest way to put all of the agents on one server that exists. */
export function cheapestResize(
  newcomers: readonly Candidate[],
  hosts: readonly PlacementHost[],
  offers: readonly Offer[],
): PossibleResize | undefined {
  if (!mayMeet(newcomers)) return undefined;
  return hosts
    .flatMap((host): PossibleResize[] => {
      const { offer: from, group } = host.options;
      const isPossible = newcomers.every((agent) => host.suits(agent) && host.tolerates(agent));
      if (from === undefined || !isPossible || host.freeSlots < newcomers.length) return [];
      const to = cheapestLarger(host, newcomers, offers);
      return to === undefined
        ? []
        : [{ host, from, to, monthly: to.monthly - from.monthly, allowed: group.growth.includes("resize") }];
    })
    .toSorted((a, b) => Number(b.allowed) - Number(a.allowed) || a.monthly - b.monthly)[0];
}
