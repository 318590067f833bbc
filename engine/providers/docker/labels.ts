import type { Properties, Value } from "../../values.ts";
import { objectsIn } from "./inputs.ts";

/** Docker's labels from the provider's list of pairs. */
export const labelMap = (labels: Value | undefined): Record<string, string> =>
  Object.fromEntries(objectsIn(labels).map(({ label, value }) => [String(label), String(value)]));

/** Whether an existing object carries every label of the inputs. One without, or for inputs without labels, may belong to anyone. */
export function isOurs(labels: Readonly<Record<string, string>> | undefined, inputs: Properties): boolean {
  const expected = Object.entries(labelMap(inputs["labels"]));
  return expected.length > 0 && expected.every(([key, value]) => labels?.[key] === value);
}
