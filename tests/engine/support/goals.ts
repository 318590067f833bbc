/** Registrations of resource types that need nothing outside the engine. */
import type { Goal } from "../../../engine/goal.ts";
import { createUrn, type Urn } from "../../../engine/urn.ts";
import type { Properties } from "../../../engine/values.ts";

const STASH = "pulumi:index:Stash";
export const BYTES = "random:index/randomBytes:RandomBytes";

export const urn = (name: string, type = STASH): Urn => createUrn("s", "p", type, name);

export const goal = (name: string, inputs: Properties, more: Partial<Goal> = {}): Goal => {
  const type = more.type ?? STASH;
  return {
    urn: urn(name, type),
    type,
    name,
    custom: true,
    inputs,
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
    ...more,
  };
};
