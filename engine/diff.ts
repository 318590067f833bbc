/** How a resource differs from what the program asks for, and whether that requires a replacement. */
import { type ResourceProvider, withoutProviderDefaults } from "./providers/resource-provider.ts";
import type { ResourceState } from "./state/checkpoint.ts";
import { equal, type Properties } from "./values.ts";

/** In place of an input: the resource did not come up when it was created. Pulumi's own name for it. */
const INIT_ERROR = "#initerror";

export interface Diff {
  /** The inputs that differ. */
  readonly changed: readonly string[];
  /** Those of them that require a replacement. */
  readonly replacing: readonly string[];
}

/** Only whole properties can be named; a path into one is refused when the resource is registered. */
export interface DiffOptions {
  readonly ignoreChanges: readonly string[];
  readonly replaceOnChanges: readonly string[];
}

export function diff(
  old: ResourceState,
  inputs: Properties,
  provider: ResourceProvider,
  { ignoreChanges, replaceOnChanges }: DiffOptions,
): Diff {
  const before = { ...provider.defaults, ...withoutProviderDefaults(old.inputs ?? {}) };
  const after = { ...provider.defaults, ...inputs };
  const changed = [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((key) => !ignoreChanges.includes(key) && !equal(before[key], after[key]))
    .toSorted();
  const replacing = changed.filter(
    (key) =>
      provider.inputs[key] !== "update" || replaceOnChanges.includes(key) || replaceOnChanges.includes("*"),
  );
  if ((old.initErrors ?? []).length === 0) return { changed, replacing };
  return {
    changed: [...changed, INIT_ERROR],
    replacing: replaceOnChanges.includes(INIT_ERROR) ? [...replacing, INIT_ERROR] : replacing,
  };
}
