/**
 * What fleets can be placed, and what servers for them cost at least, found by trying everything. Written from the
 * documentation, with nothing of `fleet/placement/`, and as simply as possible: it is what the real thing is compared with.
 */
import type { Agent, Fleet } from "../../fleet/config/fleet.ts";
import type { Registry } from "../../fleet/registry.ts";
import { CATALOGUE } from "../../stacks/catalogue.ts";

type Host = Fleet["settings"]["hosts"][string];
type Group = Extract<Host, { kind: "hetzner" }>;

/** Memory in use, memory limits, CPUs, disk, agents. */
type Five = readonly [number, number, number, number, number];

const MOST_VOLUME = 10_240;

const needOf = ({ class: { reservationMb, memoryMb, cpus, diskGb } }: Agent): Five => [
  reservationMb,
  memoryMb,
  cpus,
  diskGb,
  1,
];

const sum = (agents: readonly Agent[]): Five =>
  agents
    .map(needOf)
    .reduce<Five>(
      (a, b) => [a[0] + b[0], a[1] + b[1], a[2] + b[2], a[3] + b[3], a[4] + b[4]],
      [0, 0, 0, 0, 0],
    );

/** An end of the range that is missing is one port. */
const slots = ({ ports }: Host): number =>
  ports.reduce((count, range) => {
    const [first = 0, last = first] = range.split("-").map(Number);
    return count + last - first + 1;
  }, 0);

const isDedicated = ({ settings }: Agent): boolean => settings.isolation === "dedicated";

/** Whether they may all be on one host, were it large enough. */
export function mayMeet(agents: readonly Agent[]): boolean {
  if (agents.length > 1 && agents.some(isDedicated)) return false;
  const words = agents.flatMap(({ settings }) => settings.antiAffinity ?? []);
  return new Set(words).size === words.length;
}

/** One size of one server. */
interface Size {
  readonly type: string;
  readonly location: string;
  readonly holds: Five;
  readonly monthly: number;
}

/** Every server type in every location with every size of volume up to the first that holds so much. */
function sizes(fleet: Fleet, group: Group, diskGb: number): Size[] {
  const { sizing } = fleet.settings;
  return group.locations.flatMap((location) =>
    Object.entries(CATALOGUE.types).flatMap(
      ([type, { family, deprecated, memoryGb, cpus, diskGb: ownGb, prices }]) => {
        const price = prices[location];
        if (price === undefined || deprecated || !group.families.includes(family)) return [];
        const memory = memoryGb * 1024;
        const fixed = [
          memory - Math.max(sizing.reserveMb, memory * sizing.reserveShare),
          memory * sizing.memoryOvercommit,
          cpus * sizing.cpuOvercommit,
        ] as const;
        const agents = Math.min(group.maxAgents ?? Infinity, slots(group));
        const sold: Size[] = [];
        if (group.volumePerMemory === 0)
          return [
            {
              type,
              location,
              holds: [...fixed, ownGb - sizing.reserveDiskGb, agents] as const,
              monthly: price.monthly + CATALOGUE.ipv4,
            },
          ];
        for (let volume = 10; volume <= MOST_VOLUME; volume += 10) {
          if (volume < memoryGb * group.volumePerMemory) continue;
          sold.push({
            type,
            location,
            holds: [...fixed, volume, agents],
            monthly: price.monthly + CATALOGUE.ipv4 + volume * CATALOGUE.volumePerGb,
          });
          if (volume >= diskGb) break;
        }
        return sold;
      },
    ),
  );
}

/** With a volume of the largest size that there is. */
const largestSizes = (fleet: Fleet, group: Group): Size[] =>
  sizes(fleet, group, MOST_VOLUME).filter(
    ({ holds: [, , , diskGb] }) => group.volumePerMemory === 0 || diskGb === MOST_VOLUME,
  );

const holds = (size: { readonly holds: Five }, agents: readonly Agent[]): boolean =>
  sum(agents).every((amount, dimension) => amount <= (size.holds[dimension] ?? 0));

/** Every size of a new server of the group on which all of these may be. */
const sizesFor = (fleet: Fleet, name: string, agents: readonly Agent[]): Size[] => {
  const group = fleet.settings.hosts[name];
  if (group?.kind !== "hetzner") return [];
  const isWanted = ({ settings: { host, location } }: Agent, size: Size): boolean =>
    (host ?? name) === name && (location ?? size.location) === size.location;
  return sizes(fleet, group, sum(agents)[3]).filter(
    (size) => holds(size, agents) && agents.every((agent) => isWanted(agent, size)),
  );
};

/** What servers for all of the agents cost at least; infinite where there are none. */
export function cheapestPrice(fleet: Fleet): number {
  const { agents } = fleet;
  const prices = new Map<string, number>();
  const priceOf = (together: readonly Agent[]): number => {
    const key = together.map(({ name }) => name).join();
    const known =
      prices.get(key) ??
      (mayMeet(together)
        ? Math.min(
            Infinity,
            ...[...fleet.hosts.keys()].flatMap((name) =>
              sizesFor(fleet, name, together).map(({ monthly }) => monthly),
            ),
          )
        : Infinity);
    prices.set(key, known);
    return known;
  };
  let best = Infinity;
  const part = (index: number, hosts: Agent[][]): void => {
    const agent = agents[index];
    if (agent === undefined) {
      best = Math.min(
        best,
        hosts.reduce((total, each) => total + priceOf(each), 0),
      );
      return;
    }
    for (const host of hosts) {
      host.push(agent);
      part(index + 1, hosts);
      host.pop();
    }
    part(index + 1, [...hosts, [agent]]);
  };
  part(0, []);
  return best;
}

/** A place for agents, and what it can be. */
interface Place {
  readonly name: string;
  readonly entry: string;
  readonly agents: Agent[];
  /** Slots that are free when the update begins. */
  readonly free: number;
  /** What is on it already is not counted again. */
  readonly kept: number;
  readonly isDraining: boolean;
  readonly variants: readonly { readonly location: string | undefined; readonly holds: Five }[];
}

function ownPlace(fleet: Fleet, name: string, host: Exclude<Host, Group>, free: number): Place {
  const { sizing } = fleet.settings;
  const { memoryMb = Infinity, cpus = Infinity, diskGb = Infinity, maxAgents = Infinity } = host;
  const reserve = memoryMb === Infinity ? 0 : Math.max(sizing.reserveMb, memoryMb * sizing.reserveShare);
  const limits: Five = [
    memoryMb - reserve,
    memoryMb * sizing.memoryOvercommit,
    cpus * sizing.cpuOvercommit,
    diskGb - sizing.reserveDiskGb,
    Math.min(maxAgents, slots(host)),
  ];
  return {
    name,
    entry: name,
    agents: [],
    free,
    kept: 0,
    isDraining: host.drain,
    variants: [{ location: undefined, holds: limits }],
  };
}

function serverPlace(
  fleet: Fleet,
  { entry, name, free, growth }: { entry: string; name: string; free: number; growth: readonly string[] },
  { servers }: Registry,
): Place {
  const group = fleet.settings.hosts[entry] as Group;
  const { serverType = "", location = "", volumeGb = 0 } = servers.get(name) ?? {};
  const all = largestSizes(fleet, { ...group, locations: [location] });
  const isLarger = (type: string): boolean => {
    const [from, to] = [CATALOGUE.types[serverType], CATALOGUE.types[type]];
    if (from === undefined || to === undefined || from.architecture !== to.architecture) return false;
    const volume = Math.max(volumeGb, Math.ceil((to.memoryGb * group.volumePerMemory) / 10) * 10);
    const at = (each: string): number =>
      (CATALOGUE.types[each]?.prices[location]?.monthly ?? 0) + volume * CATALOGUE.volumePerGb;
    return to.memoryGb >= from.memoryGb && to.diskGb >= from.diskGb && at(type) > at(serverType);
  };
  const types = [
    serverType,
    ...(growth.includes("resize") ? new Set(all.map(({ type }) => type).filter(isLarger)) : []),
  ];
  return {
    name,
    entry,
    agents: [],
    free,
    kept: 0,
    isDraining: group.drain.includes(name),
    variants: types.flatMap((type) => all.filter((size) => size.type === type)),
  };
}

const mayBeOn = ({ settings: { host, location } }: Agent, place: Place): boolean =>
  (host === undefined || host === place.name || host === place.entry) &&
  place.variants.some((variant) => location === undefined || location === variant.location);

const isPossible = ({ agents, free, kept, variants }: Place): boolean =>
  mayMeet(agents) &&
  agents.length - kept <= free &&
  variants.some(
    (variant) =>
      holds(variant, agents) &&
      agents.every(
        ({ settings }) => settings.location === undefined || settings.location === variant.location,
      ),
  );

/**
 * Whether there is a place for every agent, without moving any that may stay.
 *
 * @param mayGrow by what `growth` allows. If not, then whoever stays of those who may no longer be together: who does is not
 *   decided by what must be bought.
 */
export function canBePlaced(fleet: Fleet, registry: Registry, mayGrow = true): boolean {
  const { hosts } = fleet.settings;
  const freeOn = (name: string, host: Host): number =>
    slots(host) - [...registry.agents.values()].filter((known) => known.host === name).length;
  const growthOf = (group: Group): readonly string[] => (mayGrow ? group.growth : []);
  const places = Object.entries(hosts).flatMap(([entry, host]): Place[] =>
    host.kind === "hetzner"
      ? [...registry.servers.keys()]
          .filter((name) => name.startsWith(`${entry}-`))
          .map((name) =>
            serverPlace(fleet, { entry, name, free: freeOn(name, host), growth: growthOf(host) }, registry),
          )
      : [ownPlace(fleet, entry, host, freeOn(entry, host))],
  );
  const mayAdd = (name: string): boolean => {
    const host = hosts[name];
    return host?.kind === "hetzner" && growthOf(host).includes("add");
  };
  const first = Object.entries(hosts).flatMap(([entry, host]): Place[] =>
    host.kind !== "hetzner" || !mayGrow || mayAdd(entry) || places.some((place) => place.entry === entry)
      ? []
      : [
          {
            name: entry,
            entry,
            agents: [],
            free: slots(host),
            kept: 0,
            isDraining: false,
            variants: largestSizes(fleet, host),
          },
        ],
  );
  /** Others do not get in the way: as many servers as wanted can be bought. */
  const canBuy = (agent: Agent): boolean =>
    Object.keys(hosts).some(
      (name) =>
        (mayAdd(name) || (isDedicated(agent) && first.some(({ entry }) => entry === name))) &&
        sizesFor(fleet, name, [agent]).length > 0,
    );
  const isPlaced = ({ stay, waiting }: Staying): boolean => {
    const all = [
      ...places.map((place) => {
        const agents = stay.get(place.name) ?? [];
        return { ...place, agents: [...agents], kept: agents.length };
      }),
      ...first,
    ];
    const search = (left: readonly Agent[]): boolean => {
      const [agent, ...others] = left;
      if (agent === undefined) return true;
      return all.some((place) => {
        if (place.isDraining || !mayBeOn(agent, place)) return false;
        place.agents.push(agent);
        const isFound = isPossible(place) && search(others);
        place.agents.pop();
        return isFound;
      });
    };
    return all.every(isPossible) && search(waiting.filter((agent) => !canBuy(agent)));
  };
  const ways = waysToStay(fleet, places, registry);
  return mayGrow ? ways.some(isPlaced) : ways.every(isPlaced);
}

interface Staying {
  readonly stay: ReadonlyMap<string, readonly Agent[]>;
  readonly waiting: readonly Agent[];
}

/**
 * Who stays where. All who may do; of those who may no longer be together on a host, as many as still may: every set to which
 * none of the others could be added.
 */
function waysToStay({ agents }: Fleet, places: readonly Place[], { agents: known }: Registry): Staying[] {
  const mayStay = places.map((place) => ({
    place,
    candidates: agents.filter(
      (agent) => known.get(agent.name)?.host === place.name && !place.isDraining && mayBeOn(agent, place),
    ),
  }));
  let ways: Map<string, readonly Agent[]>[] = [new Map()];
  for (const { place, candidates } of mayStay)
    ways = ways.flatMap((way) => largestSets(candidates).map((set) => new Map([...way, [place.name, set]])));
  return ways.map((stay) => {
    const staying = new Set([...stay.values()].flat());
    return { stay, waiting: agents.filter((agent) => !staying.has(agent)) };
  });
}

function largestSets(agents: readonly Agent[]): Agent[][] {
  const subsets: Agent[][] = [[]];
  for (const agent of agents) subsets.push(...subsets.map((set) => [...set, agent]));
  return subsets.filter(
    (set) => mayMeet(set) && !agents.some((agent) => !set.includes(agent) && mayMeet([...set, agent])),
  );
}
