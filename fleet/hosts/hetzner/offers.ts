/** What a group can order, and what a server of it costs a month. */
import type { Sizing } from "../../config/sizing.ts";
import type { HostGroup, Offer } from "../../placement/offer.ts";
import { capacityOf, type Machine } from "../../placement/sizing.ts";
import { slotsIn } from "../../placement/slots.ts";
import { MOST_VOLUME_GB, volumeGbFor } from "../../placement/volume.ts";
import type { Surroundings } from "../host.ts";
import type { Catalogue, ServerType } from "./catalogue.ts";
import type { HetznerSettings } from "./settings.ts";

function machineOf(
  settings: HetznerSettings,
  { memoryGb, cpus, diskGb }: ServerType,
  presentGb: number,
): Machine {
  const dataGb = Math.max(volumeGbFor(memoryGb * settings.volumePerMemory), presentGb);
  return {
    memoryMb: memoryGb * 1024,
    cpus,
    diskGb,
    dataGb: dataGb === 0 ? undefined : dataGb,
    maxAgents: Math.min(settings.maxAgents ?? Number.POSITIVE_INFINITY, slotsIn(settings)),
  };
}

/**
 * Undefined where the catalogue does not list the type, or not in that location.
 *
 * @param presentGb of the data volume that the server has already
 */
export function offerOf(
  { group, serverType, location }: Pick<Offer, "group" | "serverType" | "location">,
  settings: HetznerSettings,
  catalogue: Catalogue,
  sizing: Sizing,
  presentGb = 0,
): Offer | undefined {
  const type = catalogue.types[serverType];
  const price = type?.prices[location];
  if (type === undefined || price === undefined) return undefined;
  const machine = machineOf(settings, type, presentGb);
  const { dataGb } = machine;
  const costs = {
    server: price.monthly,
    volume: (dataGb ?? 0) * catalogue.volumePerGb,
    address: catalogue.ipv4,
  };
  return {
    group,
    serverType,
    location,
    architecture: type.architecture,
    machine,
    capacity: capacityOf({ ...machine, dataGb: dataGb && MOST_VOLUME_GB }, sizing),
    volume: dataGb === undefined ? undefined : { sizeGb: dataGb, perGb: catalogue.volumePerGb },
    monthly: costs.server + costs.volume + costs.address,
    costs,
    trafficTb: price.trafficTb,
  };
}

/** In the order that the group lists its locations, then by type as in the catalogue. */
export const offersOf = (
  group: HostGroup,
  settings: HetznerSettings,
  { catalogue, sizing }: Surroundings,
): Offer[] =>
  settings.locations.flatMap((location) =>
    Object.entries(catalogue.types)
      .filter(([, { family, deprecated }]) => settings.families.includes(family) && !deprecated)
      .flatMap(([serverType]) => offerOf({ group, serverType, location }, settings, catalogue, sizing) ?? []),
  );
