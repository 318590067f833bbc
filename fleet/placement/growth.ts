/** More room, for agents that find none: servers to add, and servers to make larger. */
import type { Catalogue } from "../hosts/hetzner/catalogue.ts";
import type { Problem } from "../config/problem.ts";
import type { Fleet } from "../config/schema.ts";
import { add, describeAmounts, fits, NOTHING } from "./sizing.ts";
import type { Registry } from "./slots.ts";
import { type Offer, offersOf } from "./offers.ts";
import { cheapestServer, cheapestServers, type Purchase, suitsOffer } from "./purchase.ts";
import { unschedulable, overcommitted } from "./unschedulable.ts";
import { type Candidate, Site } from "./placement-host.ts";

export interface Addition {
  readonly server: string;
  readonly offer: Offer;
  /** Who would otherwise have no room. */
  readonly agents: readonly string[];
}

export interface Resize {
  readonly server: string;
  readonly from: Offer;
  readonly to: Offer;
  readonly why: string;
}

/** One way to make room for those that have none. */
export interface GrowthOption {
  readonly kind: "add" | "resize";
  /** In words: `add 1 cx33 in fsn1`. */
  readonly what: string;
  /** More a month, net. */
  readonly monthly: number;
  readonly downtime: string;
  readonly allowed: boolean;
  readonly chosen: boolean;
}

export interface Growth {
  /** New ones, and existing ones as they will be. */
  readonly sites: readonly Site[];
  readonly additions: readonly Addition[];
  readonly resizes: readonly Resize[];
  /** Empty where everybody has room. */
  readonly options: readonly GrowthOption[];
}

export interface Surroundings {
  readonly fleet: Fleet;
  readonly registry: Registry;
  readonly catalogue: Catalogue;
}

const NO_DOWNTIME = "none";
const RESIZE_DOWNTIME = "some minutes for every agent on it: power-off, change, start";

export function growFleet(
  left: readonly Candidate[],
  existing: readonly Site[],
  surroundings: Surroundings,
  problems: Problem[],
): Growth {
  const { fleet, catalogue } = surroundings;
  const offers = offersOf(fleet, catalogue);
  const isAllowed = (group: string, kind: "add" | "resize"): boolean => {
    const entry = fleet.hosts[group];
    return entry?.kind === "hetzner" && entry.growth.includes(kind);
  };
  const addable = offers.filter(({ group }) => isAllowed(group, "add"));
  /** Of groups that may only resize: their first server has to come from somewhere. */
  const firsts = offers.filter(
    ({ group }) => !isAllowed(group, "add") && !existing.some(({ options }) => options.entry === group),
  );
  const resizes: Resize[] = [];
  const resize = (site: Site, to: Offer, why: string): Site => {
    resizes.push({ server: site.name, from: site.options.offer as Offer, to, why });
    return site.resized(to);
  };

  const sites = existing.map((site) => {
    if (!site.isOvercommitted) return site;
    const to = isAllowed(site.options.entry, "resize")
      ? cheapestLarger(site, [], offers, catalogue)
      : undefined;
    if (to !== undefined) return resize(site, to, `its agents need ${describeAmounts(site.used)}`);
    problems.push(overcommitted(site));
    return site;
  });

  const purchases: Purchase[] = [];
  const shared: Candidate[] = [];
  for (const agent of left) {
    const homes = [...addable, ...firsts].filter(
      (offer) => suitsOffer(agent, offer) && fits(agent.need, offer.capacity),
    );
    if (agent.isDedicated && homes.length > 0) {
      purchases.push({ offer: cheapestServer([agent], agent.need, homes) as Offer, agents: [agent] });
    } else shared.push(agent);
  }

  const options: GrowthOption[] = [];
  if (shared.length > 0) {
    const added = buyFor(shared, addable, firsts);
    const larger = cheapestResize(shared, sites, offers, catalogue, isAllowed);
    const takesResize = larger?.allowed === true && (added === undefined || larger.monthly < priceOf(added));
    // What the configuration does not allow is offered all the same: it may be what the operator wants.
    const shown = added ?? buyFor(shared, offers, []);
    if (shown !== undefined) {
      options.push({
        kind: "add",
        what: describePurchases(shown),
        monthly: priceOf(shown),
        downtime: NO_DOWNTIME,
        allowed: added !== undefined,
        chosen: added !== undefined && !takesResize,
      });
    }
    if (larger !== undefined) {
      options.push({
        kind: "resize",
        what: `make ${larger.site.name} a ${larger.to.serverType}`,
        monthly: larger.monthly,
        downtime: RESIZE_DOWNTIME,
        allowed: larger.allowed,
        chosen: takesResize,
      });
    }
    if (takesResize) {
      const grown = resize(larger.site, larger.to, `no host has room for ${namesOf(shared)}`);
      for (const agent of shared) grown.place(agent);
      sites.splice(sites.indexOf(larger.site), 1, grown);
    } else if (added !== undefined) purchases.push(...added);
    else problems.push(...unschedulable(shared, sites, offers, options));
  }

  const bought = nameServers(purchases, surroundings);
  return {
    sites: [...sites.filter((site) => !existing.includes(site)), ...bought],
    additions: bought.map((site) => ({
      server: site.name,
      offer: site.options.offer as Offer,
      agents: site.agents.map(({ name }) => name),
    })),
    resizes,
    options,
  };
}

const sum = (agents: readonly Candidate[]): readonly number[] =>
  agents.reduce((total, { need }) => add(total, need), NOTHING);

const priceOf = (purchases: readonly Purchase[]): number =>
  purchases.reduce((total, { offer }) => total + offer.monthly, 0);

export const namesOf = (agents: readonly { readonly name: string }[]): string => {
  const names = agents.map(({ name }) => name);
  return names.length <= 3
    ? names.join(", ")
    : `${names.slice(0, 2).join(", ")} and ${names.length - 2} more`;
};

const describePurchases = (purchases: readonly Purchase[]): string => {
  const kinds = Map.groupBy(purchases, ({ offer }) => `${offer.serverType} in ${offer.location}`);
  return `add ${[...kinds].map(([kind, { length }]) => `${length} ${kind}`).join(", ")}`;
};

/** Undefined where the offers do not hold everybody. */
function buyFor(
  agents: readonly Candidate[],
  offers: readonly Offer[],
  firsts: readonly Offer[],
): Purchase[] | undefined {
  const isHeld = (agent: Candidate): boolean =>
    !agent.isDedicated &&
    offers.some((offer) => suitsOffer(agent, offer) && fits(agent.need, offer.capacity));
  if (agents.every(isHeld)) return cheapestServers(agents, offers);
  const first = cheapestServer(agents, sum(agents), firsts);
  return first === undefined || new Set(spreadsOf(agents)).size < spreadsOf(agents).length
    ? undefined
    : [{ offer: first, agents }];
}

const spreadsOf = (agents: readonly Candidate[]): string[] =>
  agents.flatMap(({ spread }) => (spread === undefined ? [] : [spread]));

/** The cheapest type that a server can be changed to and that holds its agents and these: never a smaller disk. */
function cheapestLarger(
  site: Site,
  newcomers: readonly Candidate[],
  offers: readonly Offer[],
  { types }: Catalogue,
): Offer | undefined {
  const now = site.options.offer;
  if (now === undefined || site.options.isDraining) return undefined;
  const isOver = (to: number | undefined, from: number | undefined): boolean => (to ?? 0) >= (from ?? 0);
  const candidates = offers.filter(
    (to) =>
      to.group === now.group &&
      to.location === now.location &&
      types[to.serverType]?.architecture === types[now.serverType]?.architecture &&
      to.monthly > now.monthly &&
      isOver(to.machine.diskGb, now.machine.diskGb) &&
      isOver(to.machine.memoryMb, now.machine.memoryMb) &&
      isOver(to.machine.dataGb, now.machine.dataGb),
  );
  const stand = newcomers.map(({ pin: _, ...agent }) => agent);
  return cheapestServer(stand, add(site.used, sum(newcomers)), candidates);
}

function cheapestResize(
  newcomers: readonly Candidate[],
  sites: readonly Site[],
  offers: readonly Offer[],
  catalogue: Catalogue,
  isAllowed: (group: string, kind: "resize") => boolean,
): { site: Site; to: Offer; monthly: number; allowed: boolean } | undefined {
  const spreads = spreadsOf(newcomers);
  if (new Set(spreads).size < spreads.length) return undefined;
  return sites
    .flatMap((site) => {
      const isHome = newcomers.every((agent) => site.suits(agent) && site.tolerates(agent));
      if (!isHome || site.freeSlots < newcomers.length) return [];
      const to = cheapestLarger(site, newcomers, offers, catalogue);
      if (to === undefined) return [];
      const monthly = to.monthly - (site.options.offer as Offer).monthly;
      return [{ site, to, monthly, allowed: isAllowed(site.options.entry, "resize") }];
    })
    .toSorted((a, b) => Number(b.allowed) - Number(a.allowed) || a.monthly - b.monthly)[0];
}

/** New servers get the lowest numbers that the group has never used. */
function nameServers(purchases: readonly Purchase[], { fleet, registry }: Surroundings): Site[] {
  const next = new Map<string, number>();
  const inhabited = new Set(Object.values(registry.agents).map(({ host }) => host));
  const isUsed = (group: string, name: string): boolean => {
    const entry = fleet.hosts[group];
    return (
      Object.hasOwn(registry.servers, name) ||
      inhabited.has(name) ||
      (entry?.kind === "hetzner" && (entry.drain.includes(name) || entry.retire.includes(name)))
    );
  };
  return purchases.map(({ offer, agents }) => {
    let number = next.get(offer.group) ?? 1;
    while (isUsed(offer.group, `${offer.group}-${number}`)) number++;
    next.set(offer.group, number + 1);
    const site = new Site({
      name: `${offer.group}-${number}`,
      entry: offer.group,
      capacity: offer.capacity,
      location: offer.location,
      offer,
      isDraining: false,
      freeSlots: offer.machine.maxAgents,
    });
    for (const agent of agents) site.place(agent);
    return site;
  });
}
