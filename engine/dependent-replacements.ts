/** Which resources the replacement of another one replaces as well. */
import { diff } from "./diff.ts";
import { withoutProviderDefaults } from "./providers/resource-provider.ts";
import { findPreviewProvider } from "./providers/resource-types.ts";
import type { ResourceState } from "./state/checkpoint.ts";
import { dependents, inOrder } from "./state/graph.ts";
import type { Urn } from "./urn.ts";
import { UNKNOWN } from "./values.ts";

/** Whether the dependent would be replaced if the properties that it takes from this resource were to change. */
function isReplacedWith(dependent: ResourceState, urn: Urn): boolean {
  if (dependent.replaceWith?.includes(urn) === true) return true;
  const inputs = { ...withoutProviderDefaults(dependent.inputs ?? {}) };
  for (const [key, urns] of Object.entries(dependent.propertyDependencies ?? {}))
    if (urns.includes(urn)) inputs[key] = UNKNOWN;
  const { ignoreChanges = [], replaceOnChanges = [] } = dependent;
  const healthy = { ...dependent, initErrors: [] };
  const options = { ignoreChanges, replaceOnChanges };
  return diff(healthy, inputs, findPreviewProvider(dependent.type), options).replacing.length > 0;
}

/** What has to be deleted before this resource can be deleted for its replacement, in the order of deletion. */
export function dependentReplacements(
  replaced: ResourceState,
  states: readonly ResourceState[],
): ResourceState[] {
  const byUrn = dependents(states);
  const found = new Map<Urn, ResourceState>();
  const visit = (urn: Urn): void => {
    for (const dependent of byUrn.get(urn) ?? []) {
      if (found.has(dependent.urn) || !dependent.custom || !isReplacedWith(dependent, urn)) continue;
      found.set(dependent.urn, dependent);
      visit(dependent.urn);
    }
  };
  visit(replaced.urn);
  return inOrder([...found.values()]).toReversed();
}
