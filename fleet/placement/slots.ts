/** Slots: the numbers that agents have on their hosts. */
import { parseCidr, sizeOf } from "../ipv4.ts";

/** Addresses in one agent's network: of the eight, the network, the bridge, the agent and the broadcast address are used. */
export const SUBNET_SIZE = 8;

/** Where a host has its agents' networks and loopback ports. */
export interface AddressRanges {
  readonly subnets: string;
  readonly ports: readonly string[];
}

/** Loopback ports, both ends included. */
export interface PortRange {
  readonly first: number;
  readonly last: number;
}

export function parsePorts(range: string): PortRange {
  const [first = 0, last = 0] = range.split("-").map(Number);
  return { first, last };
}

export const portsOverlap = (a: PortRange, b: PortRange): boolean => a.first <= b.last && b.first <= a.last;

const countOf = ({ first, last }: PortRange): number => Math.max(0, last - first + 1);

const subnetsIn = (range: string): number => Math.floor(sizeOf(parseCidr(range)) / SUBNET_SIZE);

/** Agents that a host has subnets and ports for. */
export const slotsIn = ({ subnets, ports }: AddressRanges): number =>
  Math.min(
    subnetsIn(subnets),
    ports.reduce((sum, range) => sum + countOf(parsePorts(range)), 0),
  );

/** The slot's loopback port. Ranges are counted through in their order, so one more at the end moves no agent. */
export function portOf(ports: readonly string[], slot: number): number {
  let before = 0;
  for (const range of ports.map(parsePorts)) {
    if (slot < before + countOf(range)) return range.first + slot - before;
    before += countOf(range);
  }
  throw new RangeError(`slot ${slot} is beyond the ports ${ports.join(", ")}`);
}

/**
 * Hands out one host's free slots, lowest first. Those that the registry knows are never among them, so an agent that
 * leaves and one that arrives in the same update cannot collide.
 */
export class SlotPool {
  readonly #taken: ReadonlySet<number>;
  readonly #end: number;
  #next = 0;

  constructor(ranges: AddressRanges, taken: Iterable<number>) {
    this.#taken = new Set(taken);
    this.#end = slotsIn(ranges);
  }

  /** Undefined where all are taken. */
  take(): number | undefined {
    while (this.#taken.has(this.#next)) this.#next++;
    return this.#next < this.#end ? this.#next++ : undefined;
  }
}
