import type { Offer, ServerOffer } from "../placement/offer.ts";
import type { PlacementHost } from "../placement/placement-host.ts";
import { presentCapacity } from "../placement/volume.ts";
import type { HostPlan } from "./types.ts";

/** Its group's settings contain addresses. */
const withoutGroup = ({ group: _, ...offer }: Offer): ServerOffer => offer;

export function planHost({ name, used, options }: PlacementHost): HostPlan {
  const { group, offer, machine, capacity, isDraining } = options;
  const { memoryMb = null, cpus = null, diskGb = null, dataGb = diskGb } = machine;
  return {
    name,
    entry: group.name,
    offer: offer && withoutGroup(offer),
    machine: { memoryMb, cpus, diskGb: dataGb },
    capacity: presentCapacity(capacity, offer?.volume).map((amount) =>
      Number.isFinite(amount) ? amount : null,
    ),
    used,
    isDraining,
  };
}
