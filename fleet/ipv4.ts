/** IPv4 arithmetic. */

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

export const sizeOf = ({ first, end }: Range): number => end - first;

export const isIpv4 = (text: string): boolean => /^\d+\.\d+\.\d+\.\d+$/.test(text);
