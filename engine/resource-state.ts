/** A registered resource as the state records it. */
import type { Goal } from "./goal.ts";
import type { ResourceProvider } from "./providers/resource-provider.ts";
import type { ResourceState } from "./state/checkpoint.ts";
import { equal, holdsSecret, type Properties, secret } from "./values.ts";

const now = (): string => new Date().toISOString();

export const changedKeys = (before: Properties, after: Properties): string[] =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((key) => !equal(before[key], after[key]))
    .toSorted();

/** Whether writing the state again would change nothing but the time of its last modification. */
export const isSameRecord = (old: ResourceState | undefined, state: ResourceState): boolean =>
  old !== undefined &&
  JSON.stringify({ ...old, modified: "" }) === JSON.stringify({ ...state, modified: "" });

const isEmpty = (values: object): boolean => Object.keys(values).length === 0;

/** Fields in the order in which the Pulumi CLI writes them, and only those that have a value. */
export function toState(
  goal: Goal,
  old: ResourceState | undefined,
  id: string | undefined,
  outputs: Properties,
): ResourceState {
  const {
    dependencies,
    propertyDependencies,
    additionalSecretOutputs,
    replaceWith,
    ignoreChanges,
    replaceOnChanges,
  } = goal;
  const hooks = Object.fromEntries(Object.entries(goal.hooks).filter(([, names]) => names.length > 0));
  return {
    urn: goal.urn,
    custom: goal.custom,
    ...(id === undefined ? {} : { id }),
    type: goal.type,
    ...(isEmpty(goal.inputs) ? {} : { inputs: goal.inputs }),
    ...(isEmpty(outputs) ? {} : { outputs }),
    ...(goal.parent === undefined ? {} : { parent: goal.parent }),
    ...(goal.protect ? { protect: true } : {}),
    ...(dependencies.length === 0 ? {} : { dependencies }),
    ...(goal.provider === undefined ? {} : { provider: goal.provider }),
    ...(isEmpty(propertyDependencies) ? {} : { propertyDependencies }),
    ...(additionalSecretOutputs.length === 0 ? {} : { additionalSecretOutputs }),
    ...(goal.retainOnDelete ? { retainOnDelete: true } : {}),
    ...(goal.deletedWith === undefined ? {} : { deletedWith: goal.deletedWith }),
    ...(replaceWith.length === 0 ? {} : { replaceWith }),
    created: old?.created ?? now(),
    modified: old?.modified ?? now(),
    ...(ignoreChanges.length === 0 ? {} : { ignoreChanges }),
    ...(replaceOnChanges.length === 0 ? {} : { replaceOnChanges }),
    ...(isEmpty(hooks) ? {} : { resourceHooks: hooks }),
  };
}

/** Outputs are secret by their nature, or because they repeat a secret input. */
export function withSecrets(goal: Goal, provider: ResourceProvider, outputs: Properties): Properties {
  const always = [...goal.additionalSecretOutputs, ...(provider.secretOutputs ?? [])];
  return Object.fromEntries(
    Object.entries(outputs).map(([key, value]) => [
      key,
      value !== null && (always.includes(key) || holdsSecret(goal.inputs[key])) ? secret(value) : value,
    ]),
  );
}
