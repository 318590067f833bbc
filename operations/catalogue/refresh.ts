import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { writeDurably } from "../../engine/state/backend.ts";
import { type Catalogue, catalogueSchema, type ServerType } from "../../fleet/hosts/hetzner/catalogue.ts";
import { accessFrom, fetchCatalogue, renderCatalogue, withRetired } from "../../operations/hetzner-prices.ts";
import type { Terminal } from "../../workspace/engine.ts";

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
export const CATALOGUE_FILE = join(ROOT, "catalogue/hetzner.json");

/** What is missing or spoilt, as by a merge, is what a refresh is for: it is written anew. */
function readCatalogue(file: string): Catalogue | undefined {
  try {
    return catalogueSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    return undefined;
  }
}

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
        ? [is === undefined ? "no longer sold there" : `sold there now, ${is.monthly} ${currency} a month`]
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
      ? [`  - ${name} is no longer sold; kept for the servers that are of it`]
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

export interface CatalogueOptions {
  readonly file?: string;
  /** Today. */
  readonly date?: string;
  readonly env?: Readonly<NodeJS.ProcessEnv>;
}

/** Writes what Hetzner sells today, and says what is new about it. */
export async function catalogueCommand(
  {
    file = CATALOGUE_FILE,
    date = new Date().toISOString().slice(0, 10),
    env = process.env,
  }: CatalogueOptions,
  { print }: Terminal,
): Promise<boolean> {
  const before = readCatalogue(file);
  const onSale = await fetchCatalogue({ ...accessFrom(env), date });
  const after = before === undefined ? onSale : withRetired(onSale, before);
  writeDurably(file, renderCatalogue(after), 0o644);
  const changes = before === undefined ? [] : describeChanges(before, after);
  const summary =
    before === undefined
      ? "written anew"
      : changes.length === 0
        ? `nothing has changed since ${before.date}`
        : `what has changed since ${before.date}:`;
  print(`${Object.keys(onSale.types).length} server types in ${file}, ${summary}`);
  for (const line of changes) print(line);
  return true;
}
