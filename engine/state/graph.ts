/** What depends on what, among the resources of a checkpoint. */
import { providerUrn, type Urn } from "../urn.ts";
import type { ResourceState } from "./checkpoint.ts";

/** Everything that must exist for this resource to exist. */
export const needs = (state: ResourceState): Urn[] => [
  ...(state.parent === undefined ? [] : [state.parent]),
  ...(state.provider === undefined ? [] : [providerUrn(state.provider)]),
  ...(state.dependencies ?? []),
  ...Object.values(state.propertyDependencies ?? {}).flat(),
  ...(state.deletedWith === undefined ? [] : [state.deletedWith]),
];

/**
 * Sorted so that every resource comes after what it needs; otherwise as given. The Pulumi CLI refuses a checkpoint in any other
 * order.
 */
export function inOrder(states: readonly ResourceState[]): ResourceState[] {
  const byUrn = Map.groupBy(states, ({ urn }) => urn);
  const placed = new Set<ResourceState>();
  const result: ResourceState[] = [];
  const place = (state: ResourceState): void => {
    if (placed.has(state)) return;
    placed.add(state);
    for (const urn of needs(state))
      for (const needed of byUrn.get(urn) ?? []) if (needed.urn !== state.urn) place(needed);
    result.push(state);
  };
  for (const state of states) place(state);
  return result;
}

/** By URN: the resources that need it. */
export function dependents(states: readonly ResourceState[]): Map<Urn, ResourceState[]> {
  const result = new Map<Urn, ResourceState[]>();
  for (const state of states) {
    for (const urn of new Set(needs(state))) {
      const known = result.get(urn);
      if (known === undefined) result.set(urn, [state]);
      else known.push(state);
    }
  }
  return result;
}
