/** What is different between a resource as it is and as the program wants it, and what that asks for. */

import { type ResourceKind, withoutNotes } from "./providers/provider.ts";
import type { ResourceState } from "./state/checkpoint.ts";
import { equal, type Properties } from "./values.ts";

export interface Diff {
  /** The inputs that differ. */
  readonly changed: readonly string[];
  /** Those of them that ask for a replacement. */
  readonly replacing: readonly string[];
}

/** Only whole properties can be named; a path into one is refused where it is registered. */
export interface DiffOptions {
  readonly ignoreChanges: readonly string[];
  readonly replaceOnChanges: readonly string[];
}

export function diff(old: ResourceState, inputs: Properties, kind: ResourceKind, options: DiffOptions): Diff {
  const before = { ...kind.defaults, ...withoutNotes(old.inputs ?? {}) };
  const after = { ...kind.defaults, ...inputs };
  const changed = [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((key) => !options.ignoreChanges.includes(key) && !equal(before[key], after[key]))
    .toSorted();
  const replacing = changed.filter(
    (key) =>
      kind.inputs[key] !== "update" ||
      options.replaceOnChanges.includes(key) ||
      options.replaceOnChanges.includes("*"),
  );
  const failed = (old.initErrors ?? []).length > 0;
  if (failed && options.replaceOnChanges.includes("#initerror")) replacing.push("#initerror");
  return { changed: failed ? [...changed, "#initerror"] : changed, replacing };
}
