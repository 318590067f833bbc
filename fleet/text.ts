/** Small helpers for texts and for the order of things in them. */

/** `a, b, c`, sorted; `none` for an empty list. */
export const list = (names: Iterable<string>): string => [...names].toSorted().join(", ") || "none";

/** `a, b and 3 more`. */
export const abbreviate = (names: readonly string[]): string =>
  names.length <= 3 ? names.join(", ") : `${names.slice(0, 2).join(", ")} and ${names.length - 2} more`;

export const plural = (count: number, what: string): string => `${count} ${what}${count === 1 ? "" : "s"}`;

/** By code unit, so that neither a configuration's order nor a locale decides anything. */
export const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

export const byName = (a: { readonly name: string }, b: { readonly name: string }): number =>
  compare(a.name, b.name);

/** A record's entries by key. */
export const sortedEntries = <T>(record: Readonly<Record<string, T>>): [string, T][] =>
  Object.entries(record).toSorted(([a], [b]) => compare(a, b));
