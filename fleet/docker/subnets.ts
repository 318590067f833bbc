/** IPv4 arithmetic for the agents' subnets. */

/** Addresses in one room: the network, the bridge, the agent, and the broadcast address need four of the eight. */
const ROOM_SIZE = 8;
const ROOM_PREFIX = 29;

export interface Range {
  readonly first: number;
  /** One past the last address. */
  readonly end: number;
}

const parseAddress = (address: string): number =>
  address.split(".").reduce((number, octet) => number * 256 + Number(octet), 0);

export const renderAddress = (number: number): string =>
  [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join(".");

/** A range as numbers, from its first address whichever address inside it was written. */
export function parseCidr(cidr: string): Range {
  const [address = "", prefix = "32"] = cidr.split("/");
  const size = 2 ** (32 - Number(prefix));
  const first = Math.floor(parseAddress(address) / size) * size;
  return { first, end: first + size };
}

export const overlaps = (a: Range, b: Range): boolean => a.first < b.end && b.first < a.end;

export const roomsIn = (pool: string): number => {
  const { first, end } = parseCidr(pool);
  return Math.floor((end - first) / ROOM_SIZE);
};

/** One agent's network: the host answers at `bridge`, the agent's container at `agent`, and nobody at `nowhere`. */
export interface Room {
  readonly subnet: string;
  readonly bridge: string;
  readonly agent: string;
  readonly nowhere: string;
}

/** The room of a slot; slots count from 0. */
export function roomOf(pool: string, slot: number): Room {
  const base = parseCidr(pool).first + slot * ROOM_SIZE;
  return {
    subnet: `${renderAddress(base)}/${ROOM_PREFIX}`,
    bridge: renderAddress(base + 1),
    agent: renderAddress(base + 2),
    nowhere: renderAddress(base + ROOM_SIZE - 2),
  };
}
