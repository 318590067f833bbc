/** A registered resource as the state keeps it. */
import type { Goal } from "./goal.ts";
import type { ResourceState } from "./state/checkpoint.ts";
import { equal, type Properties } from "./values.ts";

const now = (): string => new Date().toISOString();

export const changedKeys = (before: Properties, after: Properties): string[] =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((key) => !equal(before[key], after[key]))
    .toSorted();

/** Whether writing the state again would write anything but another time of day. */
export const sameRecord = (old: ResourceState | undefined, state: ResourceState): boolean =>
  old !== undefined &&
  JSON.stringify({ ...old, modified: "" }) === JSON.stringify({ ...state, modified: "" });

export function stateOf(
  goal: Goal,
  old: ResourceState | undefined,
  id: string | undefined,
  outputs: Properties,
): ResourceState {
  const list = <K extends string, T>(key: K, values: readonly T[]): { [P in K]?: readonly T[] } =>
    (values.length === 0 ? {} : { [key]: values }) as { [P in K]?: readonly T[] };
  const hooks = Object.fromEntries(Object.entries(goal.hooks).filter(([, names]) => names.length > 0));
  return {
    urn: goal.urn,
    custom: goal.custom,
    ...(id === undefined ? {} : { id }),
    type: goal.type,
    ...(Object.keys(goal.inputs).length === 0 ? {} : { inputs: goal.inputs }),
    ...(Object.keys(outputs).length === 0 ? {} : { outputs }),
    ...(goal.parent === undefined ? {} : { parent: goal.parent }),
    ...(goal.protect ? { protect: true } : {}),
    ...list("dependencies", goal.dependencies),
    ...(goal.provider === undefined ? {} : { provider: goal.provider }),
    ...(Object.keys(goal.propertyDependencies).length === 0
      ? {}
      : { propertyDependencies: goal.propertyDependencies }),
    ...list("additionalSecretOutputs", goal.additionalSecretOutputs),
    ...(goal.retainOnDelete ? { retainOnDelete: true } : {}),
    ...(goal.deletedWith === undefined ? {} : { deletedWith: goal.deletedWith }),
    ...list("replaceWith", goal.replaceWith),
    created: old?.created ?? now(),
    modified: old?.modified ?? now(),
    ...list("ignoreChanges", goal.ignoreChanges),
    ...list("replaceOnChanges", goal.replaceOnChanges),
    ...(Object.keys(hooks).length === 0 ? {} : { resourceHooks: hooks }),
  };
}
