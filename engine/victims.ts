/** Which resources a replacement takes with it. */
import { diff } from "./diff.ts";
import { withoutNotes } from "./providers/provider.ts";
import { kindOf } from "./providers/registry.ts";
import type { ResourceState } from "./state/checkpoint.ts";
import { dependents, inOrder } from "./state/graph.ts";
import { UNKNOWN } from "./values.ts";

/** Whether an unknown in the properties that come from this resource would replace its user. */
function dependsForLife(user: ResourceState, urn: string): boolean {
  if (user.replaceWith?.includes(urn) === true) return true;
  const kind = kindOf(user.type, true);
  const inputs = { ...withoutNotes(user.inputs ?? {}) };
  for (const [key, urns] of Object.entries(user.propertyDependencies ?? {}))
    if (urns.includes(urn)) inputs[key] = UNKNOWN;
  const options = { ignoreChanges: user.ignoreChanges ?? [], replaceOnChanges: user.replaceOnChanges ?? [] };
  return diff({ ...user, initErrors: [] }, inputs, kind, options).replacing.length > 0;
}

/** What has to go before this resource can, because its replacement replaces it too; last first. */
export function victimsOf(root: ResourceState, states: readonly ResourceState[]): ResourceState[] {
  const users = dependents(states);
  const victims = new Map<string, ResourceState>();
  const visit = (urn: string): void => {
    for (const user of users.get(urn) ?? []) {
      if (victims.has(user.urn) || !user.custom || !dependsForLife(user, urn)) continue;
      victims.set(user.urn, user);
      visit(user.urn);
    }
  };
  visit(root.urn);
  return inOrder([...victims.values()]).toReversed();
}
