/** The resource types that this engine manages. It refuses every other type, and every unknown input, by name. */
import { randomUUID } from "node:crypto";
import type { Goal } from "../goal.ts";
import { unsupported } from "../messages.ts";
import { equal } from "../values.ts";
import { withConnectionLoss } from "./docker/connection-errors.ts";
import { container } from "./docker/container.ts";
import { network } from "./docker/network.ts";
import { volume } from "./docker/volume.ts";
import { randomBytes } from "./random.ts";
import type { ResourceProvider } from "./resource-provider.ts";

/** The entry of a provider itself in the state. Its inputs configure the resources that refer to it. */
const providerEntry = (inputs: ResourceProvider["inputs"]): ResourceProvider => ({
  inputs: { __internal: "update", version: "update", ...inputs },
  create: async ({ __internal, ...outputs }) => ({ id: randomUUID(), outputs }),
  update: async ({ inputs: { __internal, ...outputs } }) => outputs,
});

/** Keeps its first `input` as `output` for as long as it exists. */
const stash: ResourceProvider = {
  inputs: { input: "update" },
  create: async ({ input = null }) => ({ id: randomUUID(), outputs: { input, output: input } }),
  update: async ({ outputs: { output = null }, inputs: { input = null } }) => ({ input, output }),
  find: async ({ inputs: { input = null }, value }) =>
    value === undefined
      ? undefined
      : {
          id: randomUUID(),
          outputs: { input: value, output: value },
          differing: equal(input, value) ? {} : { input: value },
        },
};

const RESOURCE_TYPES: Readonly<Record<string, ResourceProvider>> = {
  "pulumi:index:Stash": stash,
  "pulumi:providers:pulumi": providerEntry({}),
  "pulumi:providers:docker": providerEntry({ host: "update", sshOpts: "update" }),
  "pulumi:providers:random": providerEntry({}),
  "docker:index/container:Container": withConnectionLoss(container),
  "docker:index/network:Network": withConnectionLoss(network),
  "docker:index/volume:Volume": withConnectionLoss(volume),
  "random:index/randomBytes:RandomBytes": randomBytes,
};

export type FindProvider = (type: string) => ResourceProvider | undefined;

export const findProvider: FindProvider = (type) =>
  Object.hasOwn(RESOURCE_TYPES, type) ? RESOURCE_TYPES[type] : undefined;

/** In a preview, the provider of a type that only the Pulumi CLI can manage: which changes would replace it is not known. */
const PREVIEW_ONLY: ResourceProvider = {
  inputs: new Proxy({}, { get: () => "update", has: () => true }),
  create: () => Promise.reject(new Error("a resource of this type can only be previewed")),
};

/** For a preview, which shows a resource of any type. */
export const findPreviewProvider = (type: string): ResourceProvider => findProvider(type) ?? PREVIEW_ONLY;

export const unsupportedType = (type: string): string =>
  `the embedded engine does not manage the type ${type} (it knows ${Object.keys(RESOURCE_TYPES).join(", ")}); use the Pulumi CLI`;

/** Why a resource cannot be managed as the program asks for it: an input that is not implemented would otherwise be lost. */
export function unsupportedOptions(
  { type, inputs, ignoreChanges }: Goal,
  provider: ResourceProvider,
): string | undefined {
  const unknown = Object.keys(inputs).filter((key) => !(key in provider.inputs));
  if (unknown.length > 0) {
    return unsupported(`${unknown.join(", ")} of ${type}`);
  }
  const nested = ignoreChanges.filter((path) => /[.[]/.test(path));
  if (nested.length > 0) {
    return `the embedded engine can ignore changes of whole properties only, not of ${nested.join(", ")}; use the Pulumi CLI`;
  }
  return undefined;
}
