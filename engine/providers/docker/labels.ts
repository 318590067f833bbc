import type { Properties, Value } from "../../values.ts";
import type { Sought } from "../resource-provider.ts";
import { objectsIn } from "./inputs.ts";

/** Docker's labels from the provider's list of pairs. */
export const labelMap = (labels: Value | undefined): Record<string, string> =>
  Object.fromEntries(objectsIn(labels).map(({ label, value }) => [String(label), String(value)]));

/**
 * Whether an existing object carries the labels of the inputs. One without any of them, or for inputs without labels, may
 * belong to anyone. It may lack some: a creation that was tried a second time may ask for a label more than the first, which
 * is the one that is there.
 */
export function isOurs(labels: Readonly<Record<string, string>> | undefined, inputs: Properties): boolean {
  const shared = Object.entries(labelMap(inputs["labels"])).filter(([key]) => labels?.[key] !== undefined);
  return shared.length > 0 && shared.every(([key, value]) => labels?.[key] === value);
}

/** Whether an existing object carries those labels of the inputs that say whose it is, whatever its other labels are. */
export function hasIdentity(
  labels: Readonly<Record<string, string>> | null | undefined,
  { inputs, identity }: Sought,
): boolean {
  const ours = objectsIn(inputs["labels"]).filter(({ label }) => identity.includes(String(label)));
  const missing = ours.some(({ label }) => labels?.[String(label)] === undefined);
  return !missing && isOurs(labels ?? undefined, { labels: ours });
}

/** The provider's list of pairs from Docker's labels. */
export const labelPairs = (labels: Readonly<Record<string, string>> | null | undefined): Value[] =>
  Object.entries(labels ?? {})
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([label, value]) => ({ label, value }));
