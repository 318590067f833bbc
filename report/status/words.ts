/** Sizes, shares and times for people. */

const KIB = 1024;
const MIB = 1024 ** 2;
const GIB = 1024 ** 3;

export const UNKNOWN = "not known";

/** Whole MiB, without the unit. */
export const inMib = (bytes: number): string => String(Math.round(bytes / MIB));

/** With the unit that suits it. */
export function inUnits(bytes: number): string {
  if (bytes >= 10 * GIB) return `${Math.round(bytes / GIB)} GiB`;
  if (bytes >= 10 * MIB) return `${inMib(bytes)} MiB`;
  return bytes >= MIB ? `${(bytes / MIB).toFixed(1)} MiB` : `${Math.round(bytes / KIB)} KiB`;
}

/** How words are made of a value that may not be known. */
export const known = <T>(value: T | null, words: (value: T) => string): string =>
  value === null ? UNKNOWN : words(value);

const STEPS: readonly (readonly [seconds: number, unit: string])[] = [
  [86_400, "d"],
  [3_600, "h"],
  [60, "min"],
  [1, "s"],
];

/** How long before the second time the first was: `3 min ago`. */
export function ago(time: string, now: string): string {
  const seconds = Math.max(0, Math.round((Date.parse(now) - Date.parse(time)) / 1000));
  const [size, unit] = STEPS.find(([step]) => seconds >= step) ?? [1, "s"];
  return `${Math.floor(seconds / size)} ${unit} ago`;
}

/** `3 agents`, `1 agent`. */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;
