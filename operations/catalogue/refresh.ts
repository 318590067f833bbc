import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { sync as writeAtomically } from "write-file-atomic";
import { type Catalogue, catalogueSchema } from "../../fleet/hosts/hetzner/catalogue.ts";
import { describeChanges } from "./changes.ts";
import { accessFrom, fetchCatalogue, renderCatalogue, withRetired } from "./hetzner-prices.ts";

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
export const CATALOGUE_FILE = join(ROOT, "catalogue/hetzner.json");

/** Undefined if the file is missing or damaged, as by a merge: a refresh replaces it. */
function readCatalogue(file: string): Catalogue | undefined {
  try {
    return catalogueSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    return undefined;
  }
}

export interface RefreshOptions {
  readonly file?: string;
  /** Today. */
  readonly date?: string;
  readonly env?: Readonly<NodeJS.ProcessEnv>;
}

/**
 * Writes the server types that Hetzner sells today and their prices.
 *
 * @returns a summary, and a line for each change
 * @throws OperatorError with the remedy if Hetzner cannot be asked
 */
export async function refreshCatalogue({
  file = CATALOGUE_FILE,
  date = new Date().toISOString().slice(0, 10),
  env = process.env,
}: RefreshOptions = {}): Promise<string[]> {
  const before = readCatalogue(file);
  const onSale = await fetchCatalogue({ ...accessFrom(env), date });
  const after = before === undefined ? onSale : withRetired(onSale, before);
  writeAtomically(file, renderCatalogue(after));
  const written = `${Object.keys(onSale.types).length} server types in ${file}`;
  if (before === undefined) return [`${written}, written from scratch`];
  const changes = describeChanges(before, after);
  if (changes.length === 0) return [`${written}, no changes since ${before.date}`];
  return [`${written}, changes since ${before.date}:`, ...changes];
}
