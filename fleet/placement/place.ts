/**
 * Who lives where. What runs stays, unless its entry or its host's says otherwise; a newcomer goes to the fullest host that
 * has room for it; and only for those that find none is something bought.
 */
import type { Catalogue } from "../hosts/hetzner/catalogue.ts";
import type { Footprint } from "../../openclaw/footprint.ts";
import { FleetError, type Problem } from "../config/problem.ts";
import type { AgentEntry, Fleet, ResourceClass } from "../config/schema.ts";
import { amountsOf, capacityOf } from "./sizing.ts";
import { type Registry, type Slot, SlotPool, slotsIn } from "./slots.ts";
import { type Growth, growFleet } from "./growth.ts";
import { offerOf } from "./offers.ts";
import { type Candidate, Site } from "./placement-host.ts";

export interface Move {
  readonly agent: string;
  readonly from: string;
  readonly why: string;
}

export interface Placement {
  /** By name. */
  readonly sites: readonly Site[];
  readonly slots: Readonly<Record<string, Slot>>;
  readonly moves: readonly Move[];
  readonly growth: Growth;
  /** Servers that this update deletes, and what each has cost a month; nothing where the catalogue does not say. */
  readonly retired: readonly { readonly server: string; readonly monthly: number }[];
}

export const groupOf = (server: string): string => server.slice(0, server.lastIndexOf("-"));

/** @throws FleetError with everything that does not fit, and by how much. */
export function placeFleet(
  fleet: Fleet,
  registry: Registry,
  catalogue: Catalogue,
  footprint: Footprint,
): Placement {
  const problems: Problem[] = [];
  const agents = Object.keys(fleet.agents)
    .toSorted()
    .map((name) => candidateOf(name, fleet, footprint));
  const { sites, retired } = existingSites(fleet, registry, catalogue, problems);
  const { moves, waiting } = keepWhatRuns(agents, sites, fleet, registry, problems);
  const left = placeOnExisting(waiting, [...sites.values()]);
  const growth = growFleet(left, [...sites.values()], { fleet, registry, catalogue }, problems);
  for (const site of growth.sites) sites.set(site.name, site);
  if (problems.length > 0) throw new FleetError(problems);
  const placed = [...sites.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return { sites: placed, slots: numberSlots(placed, fleet, registry), moves, growth, retired };
}

export function candidateOf(name: string, fleet: Fleet, footprint: Footprint): Candidate {
  const entry = fleet.agents[name] as AgentEntry;
  const className = entry.class ?? fleet.defaults.class;
  const limits = fleet.classes[className] as ResourceClass;
  return {
    name,
    class: className,
    need: amountsOf({ ...limits, reservationMb: limits.reservationMb ?? footprint.idleMb }),
    pin: entry.host,
    location: entry.location,
    spread: entry.spread,
    isDedicated: entry.isolation === "dedicated",
  };
}

/** By name: neither a configuration's order nor the state's may decide anything. */
const sorted = <T>(record: Readonly<Record<string, T>>): [string, T][] =>
  Object.entries(record).toSorted(([a], [b]) => (a < b ? -1 : 1));

function existingSites(
  fleet: Fleet,
  registry: Registry,
  catalogue: Catalogue,
  problems: Problem[],
): { sites: Map<string, Site>; retired: { server: string; monthly: number }[] } {
  const sites = new Map<string, Site>();
  const retired: { server: string; monthly: number }[] = [];
  const taken = Map.groupBy(Object.values(registry.agents), ({ host }) => host);
  const freeSlots = (name: string, places: Fleet["hosts"][string]): number => {
    const end = slotsIn(places);
    return end - (taken.get(name) ?? []).filter(({ slot }) => slot < end).length;
  };
  for (const [name, entry] of sorted(fleet.hosts)) {
    if (entry.kind === "hetzner") continue;
    const maxAgents = Math.min(entry.maxAgents ?? Number.POSITIVE_INFINITY, slotsIn(entry));
    const capacity = capacityOf({ ...entry, maxAgents }, fleet.sizing);
    sites.set(
      name,
      new Site({ name, entry: name, capacity, isDraining: entry.drain, freeSlots: freeSlots(name, entry) }),
    );
  }
  for (const [name, { serverType, location }] of sorted(registry.servers)) {
    const group = groupOf(name);
    const entry = fleet.hosts[group];
    if (entry?.kind !== "hetzner") continue;
    const offer = offerOf({ group, serverType, location }, fleet, catalogue);
    if (entry.retire.includes(name)) {
      retired.push({ server: name, monthly: offer?.monthly ?? 0 });
      const agents = taken.get(name)?.length ?? 0;
      if (agents > 0)
        problems.push({
          path: `hosts.${group}.retire`,
          value: name,
          message: `${agents} ${agents === 1 ? "agent lives" : "agents live"} on it`,
          remedy: `put it into hosts.${group}.drain first, and retire it in a later update`,
        });
      continue;
    }
    if (offer === undefined) {
      problems.push({
        path: `hosts.${group}`,
        value: name,
        message: `the catalogue of ${catalogue.date} has no ${serverType} in ${location}, so its size is not known`,
        remedy: "refresh it: npm run catalogue",
      });
      continue;
    }
    sites.set(
      name,
      new Site({
        name,
        entry: group,
        capacity: offer.capacity,
        location,
        offer,
        isDraining: entry.drain.includes(name),
        freeSlots: freeSlots(name, entry),
      }),
    );
  }
  return { sites, retired };
}

/** Undefined where the agent may stay. */
function reasonToMove(agent: Candidate, host: string, site: Site | undefined): string | undefined {
  if (site === undefined) return `${host} is no longer a host of the fleet`;
  if (site.options.isDraining) return `${host} is drained`;
  if (site.suits(agent)) return undefined;
  return agent.pin !== undefined && agent.pin !== host && agent.pin !== site.options.entry
    ? `it is pinned to ${agent.pin}`
    : `it is kept to ${agent.location}`;
}

function keepWhatRuns(
  agents: readonly Candidate[],
  sites: ReadonlyMap<string, Site>,
  fleet: Fleet,
  registry: Registry,
  problems: Problem[],
): { moves: Move[]; waiting: Candidate[] } {
  const moves: Move[] = [];
  const waiting: Candidate[] = [];
  const staying = new Map<Site, Candidate[]>();
  const move = (agent: Candidate, from: string, why: string): void => {
    moves.push({ agent: agent.name, from, why });
    waiting.push(agent);
  };
  for (const agent of agents) {
    const known = registry.agents[agent.name];
    if (known === undefined) {
      waiting.push(agent);
      continue;
    }
    const site = sites.get(known.host);
    const why = reasonToMove(agent, known.host, site);
    if (why !== undefined || site === undefined) move(agent, known.host, why ?? "");
    else if (known.slot >= slotsIn(fleet.hosts[site.options.entry] as Fleet["hosts"][string]))
      problems.push({
        path: `hosts.${site.options.entry}.ports`,
        message: `agent ${agent.name} has slot ${known.slot} on ${known.host}, which lies beyond the ranges of ports and subnets`,
        remedy: "widen them again; ranges grow at their end",
      });
    else {
      const together = staying.get(site) ?? [];
      staying.set(site, together);
      together.push(agent);
    }
  }
  for (const [site, all] of staying) {
    const shared = all.filter(({ isDedicated }) => !isDedicated);
    for (const agent of all) {
      const isInTheWay = agent.isDedicated && (shared.length > 0 || site.agents.length > 0);
      if (isInTheWay) move(agent, site.name, "it is to be alone on its host");
      else if (!site.tolerates(agent))
        move(agent, site.name, `another agent of spread ${agent.spread} lives on ${site.name}`);
      else site.keep(agent);
    }
  }
  return { moves: moves.toSorted((a, b) => (a.agent < b.agent ? -1 : 1)), waiting };
}

/** Those hardest to place first: alone on a host, bound to one, large. */
const difficulty = (agent: Candidate): string =>
  [
    agent.isDedicated ? "0" : "1",
    agent.pin === undefined ? "1" : "0",
    agent.location === undefined ? "1" : "0",
    agent.spread === undefined ? "1" : "0",
    ...agent.need.map((amount) => String(1e9 - amount * 100).padStart(12, "0")),
    agent.pin ?? "",
    agent.location ?? "",
    agent.spread ?? "",
  ].join("/");

/** Gives those for whom there is no room. Agents that are alike are placed together, so that hosts are looked through once. */
function placeOnExisting(waiting: readonly Candidate[], sites: readonly Site[]): Candidate[] {
  const left: Candidate[] = [];
  const alike = [...Map.groupBy(waiting, difficulty).entries()].toSorted(([a], [b]) => (a < b ? -1 : 1));
  for (const [, agents] of alike) {
    const queue = agents.toSorted((a, b) => (a.name < b.name ? 1 : -1));
    const bySize = sites
      .filter(({ options }) => Number.isFinite(options.capacity[0]))
      .toSorted((a, b) => b.utilization - a.utilization || (a.name < b.name ? -1 : 1));
    for (const site of bySize) {
      while (queue.length > 0 && site.hasRoomFor(queue.at(-1) as Candidate))
        site.place(queue.pop() as Candidate);
    }
    const unknown = sites.filter(({ options }) => !Number.isFinite(options.capacity[0]));
    for (let agent = queue.pop(); agent !== undefined; agent = queue.pop()) {
      const site = emptiest(unknown, agent);
      if (site === undefined) left.push(agent);
      else site.place(agent);
    }
  }
  return left.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

const emptiest = (sites: readonly Site[], agent: Candidate): Site | undefined =>
  sites
    .filter((site) => site.hasRoomFor(agent))
    .toSorted((a, b) => (a.used[0] ?? 0) - (b.used[0] ?? 0) || (a.name < b.name ? -1 : 1))[0];

function numberSlots(sites: readonly Site[], fleet: Fleet, registry: Registry): Record<string, Slot> {
  const slots: Record<string, Slot> = {};
  const taken = Map.groupBy(Object.values(registry.agents), ({ host }) => host);
  for (const { name: host, agents, options } of sites) {
    const places = fleet.hosts[options.entry] as Fleet["hosts"][string];
    const pool = new SlotPool(
      places,
      (taken.get(host) ?? []).map(({ slot }) => slot),
    );
    for (const { name } of agents.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      const known = registry.agents[name];
      const slot = known?.host === host ? known.slot : pool.take();
      if (slot === undefined) throw new RangeError(`${host} was given more agents than it has slots`);
      slots[name] = { host, slot };
    }
  }
  return slots;
}
