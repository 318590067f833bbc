/** IPv4 addresses and networks as numbers. */

const toNumber = (address: string): number =>
  address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);

const toText = (number: number): string =>
  [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join(".");

const parse = (cidr: string): { readonly first: number; readonly size: number } => {
  const [address = "", bits = "32"] = cidr.split("/");
  const size = 2 ** (32 - Number(bits));
  return { first: Math.floor(toNumber(address) / size) * size, size };
};

export const isRange = (cidr: string): boolean =>
  /^(\d{1,3}\.){3}\d{1,3}\/\d{1,2}$/.test(cidr) && cidr.split("/")[0] === toText(parse(cidr).first);

export function contains(cidr: string, address: string): boolean {
  const { first, size } = parse(cidr);
  const number = toNumber(address);
  return number >= first && number < first + size;
}

export const within = (outer: string, inner: string): boolean =>
  contains(outer, toText(parse(inner).first)) && parse(inner).size <= parse(outer).size;

export const overlap = (one: string, other: string): boolean => within(one, other) || within(other, one);

/** The address so far into the network: 1 is its gateway. */
export const addressIn = (cidr: string, offset: number): string => toText(parse(cidr).first + offset);

/** The lowest address that a server can have and none has; the network's first is the gateway's. */
export function freeAddress(cidr: string, taken: ReadonlySet<string>): string | undefined {
  const { first, size } = parse(cidr);
  for (let number = first + 2; number < first + size - 1; number += 1) {
    if (!taken.has(toText(number))) return toText(number);
  }
  return undefined;
}
