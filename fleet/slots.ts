/** Which host an agent lives on, and its number there: decided once, then kept for as long as the agent lives. */
import { roomsIn } from "./network.ts";
import { FleetError, type Problem } from "./problem.ts";
import type { Fleet } from "./schema.ts";

/** An agent's place. The number gives its room, its address and its loopback port. */
export interface Slot {
  readonly host: string;
  readonly slot: number;
}

/** What the stack's state says that is already given out, a failed run's agents included. */
export type Registry = Readonly<Record<string, Slot>>;

const capacityOf = (host: Fleet["hosts"][string]): number =>
  Math.min(roomsIn(host.rooms), host.ports[1] - host.ports[0] + 1);

const reservationOf = (name: string, fleet: Fleet): number => {
  const entry = fleet.agents[name];
  return entry === undefined ? 0 : (fleet.classes[entry.class ?? fleet.defaults.class]?.reservationMb ?? 0);
};

/**
 * Gives every agent of the roster a slot.
 *
 * An agent keeps the slot it has, unless it is pinned to another host or its host is gone. A new one gets the lowest free
 * slot of the emptiest host. Slots that the registry still knows are never handed out, so an agent that leaves in the same
 * update cannot meet its successor.
 *
 * @throws FleetError when no host has a slot left.
 */
export function assignSlots(fleet: Fleet, registry: Registry): Record<string, Slot> {
  const hosts = Object.keys(fleet.hosts).toSorted();
  const taken = new Map(hosts.map((host) => [host, new Set<number>()]));
  const load = new Map(hosts.map((host) => [host, 0]));
  const slots: Record<string, Slot> = {};
  const give = (agent: string, slot: Slot): void => {
    slots[agent] = slot;
    load.set(slot.host, (load.get(slot.host) ?? 0) + reservationOf(agent, fleet));
  };

  for (const { host, slot } of Object.values(registry)) taken.get(host)?.add(slot);
  const names = Object.keys(fleet.agents).toSorted();
  const stays = (name: string): boolean => {
    const known = registry[name];
    const pin = fleet.agents[name]?.host;
    return known !== undefined && taken.has(known.host) && (pin === undefined || pin === known.host);
  };
  for (const name of names) if (stays(name)) give(name, registry[name] as Slot);

  const problems: Problem[] = [];
  for (const name of names.filter((each) => !stays(each))) {
    const pin = fleet.agents[name]?.host;
    const candidates = (pin === undefined ? hosts : [pin])
      .map((host) => ({
        host,
        slot: lowestFree(taken.get(host), capacityOf(fleet.hosts[host] as Fleet["hosts"][string])),
      }))
      .filter((place): place is Slot => place.slot !== undefined)
      .toSorted((a, b) => (load.get(a.host) ?? 0) - (load.get(b.host) ?? 0));
    const place = candidates[0];
    if (place === undefined) {
      problems.push({
        path: `agents.${name}`,
        message: `${pin === undefined ? "no host" : `host ${pin}`} has a free slot; those of agents removed in this update become free after it`,
        remedy:
          "widen hosts.*.ports and hosts.*.rooms, add a host, or remove the agents in an update of their own",
      });
      continue;
    }
    taken.get(place.host)?.add(place.slot);
    give(name, place);
  }
  if (problems.length > 0) throw new FleetError(problems);
  return slots;
}

function lowestFree(taken: ReadonlySet<number> | undefined, capacity: number): number | undefined {
  for (let slot = 0; slot < capacity; slot++) if (!taken?.has(slot)) return slot;
  return undefined;
}
