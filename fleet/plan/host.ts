import type { PlacementHost } from "../placement/placement-host.ts";
import type { HostPlan } from "./types.ts";

export function planHost({ name, used, options }: PlacementHost): HostPlan {
  const { group, offer, machine, capacity, isDraining } = options;
  const { memoryMb = null, cpus = null, diskGb = null, dataGb = diskGb } = machine;
  return {
    name,
    entry: group.name,
    offer,
    machine: { memoryMb, cpus, diskGb: dataGb },
    capacity: capacity.map((amount) => (Number.isFinite(amount) ? amount : null)),
    used,
    isDraining,
  };
}
