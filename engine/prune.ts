import type { ResourceState } from "./state/checkpoint.ts";
import { dependents } from "./state/graph.ts";

/**
 * Deletes resources, each after everything that depends on it, and otherwise in parallel.
 *
 * @param remove whether it succeeded; what the resource depends on is then left alone if it did not
 */
export async function pruneInOrder(
  states: readonly ResourceState[],
  remove: (state: ResourceState) => Promise<boolean>,
): Promise<void> {
  const byUrn = dependents(states);
  const running = new Map<ResourceState, Promise<boolean>>();
  const removeAfterDependents = async (state: ResourceState): Promise<boolean> => {
    const users = (byUrn.get(state.urn) ?? []).filter(({ urn }) => urn !== state.urn);
    const results = await Promise.all(users.map(removeOnce));
    return !results.includes(false) && remove(state);
  };
  const removeOnce = (state: ResourceState): Promise<boolean> => {
    const result = running.get(state) ?? removeAfterDependents(state);
    running.set(state, result);
    return result;
  };
  await Promise.all(states.toReversed().map(removeOnce));
}
