/** An agent's place: a host and a number there, which gives its room, its address and its loopback port. */
import { roomsIn } from "../docker/subnets.ts";

export interface Slot {
  readonly host: string;
  readonly slot: number;
}

/** What the stack's state says that exists already, a failed run's share included. */
export interface Registry {
  /** Rented servers, by name. */
  readonly servers: Readonly<Record<string, RegisteredServer>>;
  readonly agents: Readonly<Record<string, Slot>>;
}

export interface RegisteredServer {
  readonly serverType: string;
  readonly location: string;
  /** Its public address. */
  readonly address?: string | undefined;
  /** Its data volume, GB. */
  readonly volumeGb?: number | undefined;
  /** Absent until it has been found ready. */
  readonly identity?: Identity | undefined;
}

/** What a server was when it was last found ready: so that it is asked again when any of it has changed. */
export interface Identity {
  /** The id of the server, as its provider knows it. */
  readonly server: string;
  readonly serverType: string;
  readonly volumeGb: number;
  /** Its public host key, which proved to be its own. */
  readonly hostKey: string;
  /** The version of its Docker. */
  readonly docker: string;
}

export const EMPTY_REGISTRY: Registry = { servers: {}, agents: {} };

/** Where a kind of host keeps its agents. */
export interface Places {
  readonly subnets: string;
  readonly ports: readonly string[];
}

export interface PortRange {
  readonly first: number;
  readonly last: number;
}

export function parsePorts(range: string): PortRange {
  const [first = 0, last = 0] = range.split("-").map(Number);
  return { first, last };
}

const sizeOf = ({ first, last }: PortRange): number => Math.max(0, last - first + 1);

/** Agents that a host has subnets and ports for. */
export const slotsIn = ({ subnets, ports }: Places): number =>
  Math.min(
    roomsIn(subnets),
    ports.reduce((sum, range) => sum + sizeOf(parsePorts(range)), 0),
  );

/** The slot's loopback port: the ranges are counted through in their order, so that one more at the end moves nobody. */
export function portOf(ports: readonly string[], slot: number): number {
  let before = 0;
  for (const range of ports.map(parsePorts)) {
    if (slot < before + sizeOf(range)) return range.first + slot - before;
    before += sizeOf(range);
  }
  throw new RangeError(`slot ${slot} is beyond the ports ${ports.join(", ")}`);
}

/**
 * Hands out one host's free slots, lowest first. Those that the registry knows are never among them, so an agent that
 * leaves in the same update cannot meet its successor.
 */
export class SlotPool {
  readonly #taken: ReadonlySet<number>;
  readonly #end: number;
  #next = 0;

  constructor(places: Places, taken: Iterable<number>) {
    this.#taken = new Set(taken);
    this.#end = slotsIn(places);
  }

  /** Undefined where all are taken. */
  take(): number | undefined {
    while (this.#taken.has(this.#next)) this.#next++;
    return this.#next < this.#end ? this.#next++ : undefined;
  }
}
