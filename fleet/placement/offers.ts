/** What could be rented for the fleet, and what a server in it costs a month. */
import type { Catalogue, ServerType } from "../hosts/hetzner/catalogue.ts";
import type { Fleet, HetznerServers } from "../config/schema.ts";
import { type Amounts, capacityOf, type Machine } from "./sizing.ts";
import { slotsIn } from "./slots.ts";

/** One server type in one location, for one group. */
export interface Offer {
  readonly group: string;
  readonly serverType: string;
  readonly location: string;
  readonly machine: Machine;
  readonly capacity: Amounts;
  /** Its costs together, net, in the catalogue's currency. */
  readonly monthly: number;
  readonly costs: { readonly server: number; readonly volume: number; readonly address: number };
  /** Outgoing traffic that is included, TB a month. */
  readonly trafficTb: number;
}

/** Volumes are sold by the GB, at least ten; steps of ten keep a larger type's volume a round number. */
const volumeGb = (memoryGb: number, perMemory: number): number => Math.ceil((memoryGb * perMemory) / 10) * 10;

function machineOf(entry: HetznerServers, { memoryGb, cpus, diskGb }: ServerType): Machine {
  const dataGb = volumeGb(memoryGb, entry.volumePerMemory);
  return {
    memoryMb: memoryGb * 1024,
    cpus,
    diskGb,
    dataGb: dataGb === 0 ? undefined : dataGb,
    maxAgents: Math.min(entry.maxAgents ?? Number.POSITIVE_INFINITY, slotsIn(entry)),
  };
}

/** Undefined where the catalogue does not know the type, or not in that location. */
export function offerOf(
  { group, serverType, location }: Pick<Offer, "group" | "serverType" | "location">,
  fleet: Fleet,
  catalogue: Catalogue,
): Offer | undefined {
  const entry = fleet.hosts[group];
  const type = catalogue.types[serverType];
  const price = type?.prices[location];
  if (entry?.kind !== "hetzner" || type === undefined || price === undefined) return undefined;
  const machine = machineOf(entry, type);
  const costs = {
    server: price.monthly,
    volume: (machine.dataGb ?? 0) * catalogue.volumePerGb,
    address: catalogue.ipv4,
  };
  return {
    group,
    serverType,
    location,
    machine,
    capacity: capacityOf(machine, fleet.sizing),
    monthly: costs.server + costs.volume + costs.address,
    costs,
    trafficTb: price.trafficTb,
  };
}

/** In the order of preference where prices are equal: by group, then as the group lists its locations, then by type. */
export const offersOf = (fleet: Fleet, catalogue: Catalogue): Offer[] =>
  Object.entries(fleet.hosts)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([group, entry]) => (entry.kind === "hetzner" ? [{ group, entry }] : []))
    .flatMap(({ group, entry: { families, locations } }) =>
      locations.flatMap((location) =>
        Object.entries(catalogue.types)
          .filter(([, { family, deprecated }]) => families.includes(family) && !deprecated)
          .map(([serverType]) => offerOf({ group, serverType, location }, fleet, catalogue)),
      ),
    )
    .filter((offer) => offer !== undefined);
