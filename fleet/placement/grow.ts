/** Where agents without a host are placed, and the capacity that this takes: servers to add, and servers to make larger. */
import type { Problem } from "../config/problem.ts";
import type { HostEntry, Surroundings } from "../hosts/host.ts";
import { serverName } from "../names.ts";
import type { Registry } from "../registry.ts";
import { arrange } from "./arrange.ts";
import { enlargeOvercommitted, type Grown, type Reasons } from "./enlarge.ts";
import { fillHosts, placeByRule } from "./fill.ts";
import { canBuyFor, isHeldBy, type Market, openMarket } from "./market.ts";
import type { Offer } from "./offer.ts";
import {
  addOption,
  type GrowthOption,
  type PossibleResize,
  priceOf,
  type Resize,
  resizeOption,
} from "./options.ts";
import { type Candidate, PlacementHost } from "./placement-host.ts";
import { cheapestServer, cheapestServers, type Purchase } from "./purchase.ts";
import { whyNotOn } from "./reasons.ts";
import { cheapestResize, mayMeet, sumOf } from "./resize.ts";
import { MOST_LOOKS } from "./search.ts";
import { unschedulable } from "./unschedulable.ts";

export interface Addition {
  readonly server: string;
  readonly offer: Offer;
  /** Why its agents are on no other host. */
  readonly why: string;
}

/** A data volume that is made larger. */
export interface VolumeGrowth {
  readonly server: string;
  readonly fromGb: number;
  readonly toGb: number;
  /** More a month, net. */
  readonly monthly: number;
}

export interface Growth {
  /** New ones, and existing ones as they will be. */
  readonly hosts: readonly PlacementHost[];
  readonly additions: readonly Addition[];
  readonly resizes: readonly Resize[];
  /** Of servers that stay of their type. */
  readonly volumes: readonly VolumeGrowth[];
  /** Empty where everything fits. */
  readonly options: readonly GrowthOption[];
  readonly problems: readonly Problem[];
}

/** @param waiting agents without a host, which are placed on hosts that exist as long as there is room */
export function growFleet(
  waiting: readonly Candidate[],
  existing: readonly PlacementHost[],
  entries: ReadonlyMap<string, HostEntry>,
  surroundings: Surroundings,
): Growth {
  const market = openMarket(entries, existing, surroundings);
  const enlarged = enlargeOvercommitted(existing, market);
  const answer = accommodate(waiting, enlarged.hosts, market);
  const hosts = answer.hosts.map((host) => host.withVolume());
  const bought = nameServers(answer.purchases, entries, surroundings);
  const reasons = new Map([...answer.reasons, ...enlarged.reasons]);
  return {
    hosts: [...hosts, ...bought.map(({ host }) => host)],
    additions: bought.map(({ host, offer }, index) => ({
      server: host.name,
      offer,
      why: whyNotOn(
        host.agents,
        [...hosts, ...bought.slice(0, index).map((other) => other.host)],
        "no other host",
      ),
    })),
    resizes: resizesOf(existing, hosts, reasons),
    volumes: volumesOf(existing, hosts, surroundings.registry),
    options: answer.options,
    problems: [...enlarged.problems, ...answer.problems],
  };
}

interface Answer extends Grown {
  readonly options: readonly GrowthOption[];
  readonly problems: readonly Problem[];
}

function accommodate(waiting: readonly Candidate[], hosts: readonly PlacementHost[], market: Market): Answer {
  const budget = { looks: MOST_LOOKS };
  const left = fillHosts(waiting, hosts, market, budget);
  const { dedicated, shared } = buyForDedicated(left, market);
  const none = { hosts, reasons: new Map(), purchases: dedicated, options: [], problems: [] };
  if (shared.length === 0) return none;
  const ways = waysToGrow(shared, hosts, market);
  if (ways.larger !== undefined && ways.takesResize)
    return { ...none, ...resizeFor(shared, hosts, ways.larger), options: ways.options };
  if (ways.added !== undefined)
    return { ...none, purchases: [...dedicated, ...ways.added], options: ways.options };
  const bound = waiting.filter((agent) => !canBuyFor(agent, market));
  const others = waiting.filter((agent) => canBuyFor(agent, market));
  const arranged = arrange(bound, hosts, market);
  if (arranged.left.length > 0) return { ...none, problems: refuse(arranged.left, arranged.hosts, market) };
  const rest = buyForDedicated(placeByRule(others, arranged.hosts), market);
  return {
    ...none,
    hosts: arranged.hosts,
    reasons: arranged.reasons,
    purchases: [...arranged.purchases, ...rest.dedicated, ...cheapestServers(rest.shared, market.addable)],
  };
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

interface Ways {
  /** Servers to add; undefined where none are allowed that hold every agent. */
  readonly added: readonly Purchase[] | undefined;
  /** One server to make larger, allowed or not. */
  readonly larger: PossibleResize | undefined;
  /** Whether that is allowed and cheaper. */
  readonly takesResize: boolean;
  readonly options: readonly GrowthOption[];
}

function waysToGrow(
  agents: readonly Candidate[],
  hosts: readonly PlacementHost[],
  { all, addable, firsts }: Market,
): Ways {
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
  return { added, larger, takesResize, options };
}

function resizeFor(
  agents: readonly Candidate[],
  hosts: readonly PlacementHost[],
  larger: PossibleResize,
): Pick<Answer, "hosts" | "reasons"> {
  const why = whyNotOn(agents, hosts, "no host");
  const grown = larger.host.resized(larger.to);
  for (const agent of agents) grown.place(agent);
  return {
    hosts: hosts.map((host) => (host === larger.host ? grown : host)),
    reasons: new Map([[grown.name, why]]),
  };
}

/** Undefined where the offers do not hold every agent. */
function buyFor(
  agents: readonly Candidate[],
  offers: readonly Offer[],
  firsts: readonly Offer[],
): Purchase[] | undefined {
  if (agents.every((agent) => !agent.isDedicated && isHeldBy(agent, offers)))
    return cheapestServers(agents, offers);
  const first = cheapestServer(agents, sumOf(agents), firsts);
  return first === undefined || !mayMeet(agents) ? undefined : [{ offer: first, agents }];
}

function refuse(agents: readonly Candidate[], hosts: readonly PlacementHost[], market: Market): Problem[] {
  const { options } = waysToGrow(agents, hosts, market);
  return unschedulable(
    agents,
    hosts,
    market.all,
    options.filter(({ allowed }) => !allowed),
  );
}

function resizesOf(
  before: readonly PlacementHost[],
  after: readonly PlacementHost[],
  reasons: Reasons,
): Resize[] {
  return before.flatMap(({ name, options }, index) => {
    const from = options.offer;
    const to = after[index]?.options.offer;
    return from === undefined || to === undefined || from.serverType === to.serverType
      ? []
      : [{ server: name, from, to, why: reasons.get(name) ?? "" }];
  });
}

function volumesOf(
  before: readonly PlacementHost[],
  after: readonly PlacementHost[],
  { servers }: Registry,
): VolumeGrowth[] {
  return before.flatMap(({ name, options }, index): VolumeGrowth[] => {
    const from = options.offer?.volume;
    const offer = after[index]?.options.offer;
    if (from === undefined || offer?.volume === undefined || offer.serverType !== options.offer?.serverType)
      return [];
    const { sizeGb: toGb, perGb } = offer.volume;
    const fromGb = servers.get(name)?.volumeGb ?? from.sizeGb;
    return toGb > fromGb ? [{ server: name, fromGb, toGb, monthly: (toGb - fromGb) * perGb }] : [];
  });
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
