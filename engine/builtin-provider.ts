/** The provider of Pulumi's own resource types. No program registers it; every state with such a resource holds it. */
import type { Change } from "./events.ts";
import type { Goal } from "./goal.ts";
import { createUrn, isProviderType, type ProviderReference } from "./urn.ts";

const TYPE = "pulumi:providers:pulumi";

export const isBuiltinProvider = ({ type }: Change): boolean => type === TYPE;

export const builtinProvider = (project: string, stack: string): Goal => ({
  urn: createUrn(stack, project, TYPE, "default"),
  type: TYPE,
  name: "default",
  custom: true,
  inputs: {},
  dependencies: [],
  propertyDependencies: {},
  aliases: [],
  deleteBeforeReplace: false,
  ignoreChanges: [],
  replaceOnChanges: [],
  replaceWith: [],
  protect: false,
  retainOnDelete: false,
  additionalSecretOutputs: [],
  hooks: {},
});

/**
 * Adds the provider to a resource of Pulumi's own.
 *
 * @throws for any other resource without a provider: this engine has no default providers
 */
export function withProvider(goal: Goal, builtin: ProviderReference): Goal {
  if (!goal.custom || goal.provider !== undefined || isProviderType(goal.type)) return goal;
  if (goal.type.startsWith("pulumi:")) return { ...goal, provider: builtin };
  throw new Error(
    `${goal.name}: the embedded engine has no default provider for ${goal.type}; pass one with the \`provider\` option`,
  );
}
