/** What a refresh changes in the catalogue, for the operator to read. */
import type { Catalogue, ServerType } from "../../fleet/hosts/hetzner/catalogue.ts";

const step = (before: number, after: number, unit: string): string[] => {
  if (before === after) return [];
  const percent =
    before === 0 ? "" : ` (${after > before ? "+" : ""}${Math.round((after / before - 1) * 100)} %)`;
  return [`${before} -> ${after} ${unit}${percent}`];
};

/** Locations that share a change share a line. */
function describePrices(name: string, before: ServerType, after: ServerType, currency: string): string[] {
  const places = new Map<string, string[]>();
  for (const location of new Set([...Object.keys(before.prices), ...Object.keys(after.prices)])) {
    const was = before.prices[location];
    const is = after.prices[location];
    const changes =
      was === undefined || is === undefined
        ? [
            is === undefined
              ? "no longer available there"
              : `now available there, ${is.monthly} ${currency} a month`,
          ]
        : [
            ...step(was.monthly, is.monthly, `${currency} a month`),
            ...step(was.trafficTb, is.trafficTb, "TB of traffic included"),
            ...step(was.perExtraTb, is.perExtraTb, `${currency} per extra TB`),
          ];
    for (const change of changes) places.set(change, [...(places.get(change) ?? []), location]);
  }
  return [...places].map(([change, locations]) => `  ~ ${name} in ${locations.join(", ")}: ${change}`);
}

const describeSize = ({ architecture, cpus, memoryGb, diskGb }: ServerType): string =>
  `${cpus} CPUs (${architecture}), ${memoryGb} GB of memory, ${diskGb} GB of disk`;

function describeType(
  name: string,
  before: ServerType | undefined,
  after: ServerType | undefined,
  currency: string,
): string[] {
  if (after?.deprecated !== false) {
    return before?.deprecated === false
      ? [`  - ${name} is no longer sold; kept for existing servers of this type`]
      : [];
  }
  if (before?.deprecated !== false) {
    const cheapest = Math.min(...Object.values(after.prices).map(({ monthly }) => monthly));
    return [`  + ${name}: ${describeSize(after)}, from ${cheapest} ${currency} a month`];
  }
  const resized =
    describeSize(before) === describeSize(after) ? [] : [`  ~ ${name} has ${describeSize(after)} now`];
  return [...resized, ...describePrices(name, before, after, currency)];
}

/** A line for each difference; none where only the date is new. */
export function describeChanges(before: Catalogue, after: Catalogue): string[] {
  const { currency } = after;
  // Amounts in different currencies do not compare.
  if (before.currency !== currency)
    return [`  ~ prices are in ${currency} now, no longer in ${before.currency}`];
  const names = new Set([...Object.keys(before.types), ...Object.keys(after.types)]);
  return [
    ...[...names]
      .toSorted()
      .flatMap((name) => describeType(name, before.types[name], after.types[name], currency)),
    ...step(before.volumePerGb, after.volumePerGb, `${currency} a month`).map(
      (line) => `  ~ a GB of volume: ${line}`,
    ),
    ...step(before.ipv4, after.ipv4, `${currency} a month`).map((line) => `  ~ an IPv4 address: ${line}`),
  ];
}
