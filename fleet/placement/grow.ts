/** More capacity, for agents that fit nowhere: servers to add, and servers to make larger. */
import type { Problem } from "../config/problem.ts";
import type { HostEntry, Surroundings } from "../hosts/host.ts";
import { serverName } from "../names.ts";
import type { Offer } from "./offer.ts";
import { addOption, type GrowthOption, namesOf, priceOf, type Resize, resizeOption } from "./options.ts";
import { type Candidate, PlacementHost } from "./placement-host.ts";
import { cheapestServer, cheapestServers, type Purchase, suitsOffer } from "./purchase.ts";
import { cheapestLarger, cheapestResize, mayMeet, sumOf } from "./resize.ts";
import { describeAmounts, fits } from "./sizing.ts";
import { overcommitted, unschedulable } from "./unschedulable.ts";

export interface Addition {
  readonly server: string;
  readonly offer: Offer;
  /** Agents that would otherwise not fit. */
  readonly agents: readonly string[];
}

export interface Growth {
  /** New ones, and existing ones as they will be. */
  readonly hosts: readonly PlacementHost[];
  readonly additions: readonly Addition[];
  readonly resizes: readonly Resize[];
  /** Empty where everything fits. */
  readonly options: readonly GrowthOption[];
  readonly problems: readonly Problem[];
}

/** What could be bought, by what it may be bought for. */
interface Market {
  readonly all: readonly Offer[];
  readonly addable: readonly Offer[];
  /** Of groups that may only resize: their first server has to come from somewhere. */
  readonly firsts: readonly Offer[];
}

function openMarket(
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

export function growFleet(
  left: readonly Candidate[],
  existing: readonly PlacementHost[],
  entries: ReadonlyMap<string, HostEntry>,
  surroundings: Surroundings,
): Growth {
  const market = openMarket(entries, existing, surroundings);
  const enlarged = enlargeOvercommitted(existing, market);
  const { dedicated, shared } = buyForDedicated(left, market);
  const answer =
    shared.length === 0
      ? { hosts: enlarged.hosts, resizes: [], purchases: [], options: [], problems: [] }
      : growForShared(shared, enlarged.hosts, market);
  const bought = nameServers([...dedicated, ...answer.purchases], entries, surroundings);
  return {
    hosts: [...answer.hosts.filter((host) => !existing.includes(host)), ...bought.map(({ host }) => host)],
    additions: bought.map(({ host, offer }) => ({
      server: host.name,
      offer,
      agents: host.agents.map(({ name }) => name),
    })),
    resizes: [...enlarged.resizes, ...answer.resizes],
    options: answer.options,
    problems: [...enlarged.problems, ...answer.problems],
  };
}

/** Hosts whose agents have come to need more than they hold. */
function enlargeOvercommitted(
  existing: readonly PlacementHost[],
  { all }: Market,
): Pick<Growth, "hosts" | "resizes" | "problems"> {
  const resizes: Resize[] = [];
  const problems: Problem[] = [];
  const hosts = existing.map((host) => {
    if (!host.isOvercommitted) return host;
    const { offer: from, group } = host.options;
    const to = group.growth.includes("resize") ? cheapestLarger(host, [], all) : undefined;
    if (from === undefined || to === undefined) {
      problems.push(overcommitted(host));
      return host;
    }
    resizes.push({ server: host.name, from, to, why: `its agents need ${describeAmounts(host.used)}` });
    return host.resized(to);
  });
  return { hosts, resizes, problems };
}

/** A server each for agents that are to be alone, where one can be had; the others are to share. */
function buyForDedicated(
  left: readonly Candidate[],
  { addable, firsts }: Market,
): { dedicated: Purchase[]; shared: Candidate[] } {
  const dedicated: Purchase[] = [];
  const shared: Candidate[] = [];
  for (const agent of left) {
    const offer = agent.isDedicated
      ? cheapestServer([agent], agent.need, [...addable, ...firsts])
      : undefined;
    if (offer === undefined) shared.push(agent);
    else dedicated.push({ offer, agents: [agent] });
  }
  return { dedicated, shared };
}

interface SharedGrowth extends Pick<Growth, "hosts" | "resizes" | "options" | "problems"> {
  readonly purchases: readonly Purchase[];
}

/** Adds servers or makes one larger, whichever is allowed and cheaper. */
function growForShared(
  agents: readonly Candidate[],
  hosts: readonly PlacementHost[],
  { all, addable, firsts }: Market,
): SharedGrowth {
  const added = buyFor(agents, addable, firsts);
  const larger = cheapestResize(agents, hosts, all);
  const takesResize = larger?.allowed === true && (added === undefined || larger.monthly < priceOf(added));
  // What the configuration does not allow is shown all the same: it may be what the operator wants.
  const shown = added ?? buyFor(agents, all, []);
  const options = [
    ...(shown === undefined
      ? []
      : [addOption(shown, added !== undefined, added !== undefined && !takesResize)]),
    ...(larger === undefined ? [] : [resizeOption(larger, takesResize)]),
  ];
  const growth = { hosts, resizes: [], purchases: [], options, problems: [] };
  if (takesResize) {
    const grown = larger.host.resized(larger.to);
    for (const agent of agents) grown.place(agent);
    const { from, to } = larger;
    return {
      ...growth,
      hosts: hosts.map((host) => (host === larger.host ? grown : host)),
      resizes: [{ server: grown.name, from, to, why: `no host has capacity for ${namesOf(agents)}` }],
    };
  }
  return added === undefined
    ? { ...growth, problems: unschedulable(agents, hosts, all, options) }
    : { ...growth, purchases: added };
}

/** Undefined where the offers do not hold every agent. */
function buyFor(
  agents: readonly Candidate[],
  offers: readonly Offer[],
  firsts: readonly Offer[],
): Purchase[] | undefined {
  const isHeld = (agent: Candidate): boolean =>
    !agent.isDedicated &&
    offers.some((offer) => suitsOffer(agent, offer) && fits(agent.need, offer.capacity));
  if (agents.every(isHeld)) return cheapestServers(agents, offers);
  const first = cheapestServer(agents, sumOf(agents), firsts);
  return first === undefined || !mayMeet(agents) ? undefined : [{ offer: first, agents }];
}

interface Bought {
  readonly host: PlacementHost;
  readonly offer: Offer;
}

/** New servers get the lowest numbers that the group has never used. */
function nameServers(
  purchases: readonly Purchase[],
  entries: ReadonlyMap<string, HostEntry>,
  { registry }: Surroundings,
): Bought[] {
  const next = new Map<string, number>();
  const used = new Set([
    ...registry.servers.keys(),
    ...[...registry.agents.values()].map(({ host }) => host),
    ...[...entries.values()].flatMap(({ reservedNames }) => reservedNames),
  ]);
  return purchases.map(({ offer, agents }) => {
    const group = offer.group.name;
    let number = next.get(group) ?? 1;
    while (used.has(serverName(group, number))) number++;
    next.set(group, number + 1);
    const host = PlacementHost.ordered(serverName(group, number), offer);
    for (const agent of agents) host.place(agent);
    return { host, offer };
  });
}
