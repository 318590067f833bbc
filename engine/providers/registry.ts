/** The resource types that the embedded engine manages. It refuses every other, and every input it does not know, by name. */
import { randomUUID } from "node:crypto";
import type { Goal } from "../goal.ts";
import { container } from "./docker/container.ts";
import { farAway } from "./docker/far.ts";
import { network } from "./docker/network.ts";
import { volume } from "./docker/volume.ts";
import type { ResourceKind } from "./provider.ts";
import { randomBytes } from "./random.ts";

/** A provider's own entry in the state. Its configuration is used by the resources that refer to it. */
const provider = (inputs: ResourceKind["inputs"]): ResourceKind => ({
  inputs: { __internal: "update", version: "update", ...inputs },
  create: async ({ __internal, ...outputs }) => ({ id: randomUUID(), outputs }),
  update: async (_id, _old, { __internal, ...outputs }) => outputs,
});

/** Keeps its first `input` as `output` for as long as it lives. */
const stash: ResourceKind = {
  inputs: { input: "update" },
  create: async ({ input = null }) => ({ id: randomUUID(), outputs: { input, output: input } }),
  update: async (_id, { output = null }, { input = null }) => ({ input, output }),
};

const KINDS: Readonly<Record<string, ResourceKind>> = {
  "pulumi:index:Stash": stash,
  "pulumi:providers:pulumi": provider({}),
  "pulumi:providers:docker": provider({ host: "update", sshOpts: "update" }),
  "pulumi:providers:random": provider({}),
  "docker:index/container:Container": farAway(container),
  "docker:index/network:Network": farAway(network),
  "docker:index/volume:Volume": farAway(volume),
  "random:index/randomBytes:RandomBytes": randomBytes,
};

/** For a preview of a type that only the Pulumi CLI can make: nothing is known of what a change means. */
const FOREIGN: ResourceKind = {
  inputs: new Proxy({}, { get: () => "update", has: () => true }),
  create: () => Promise.reject(new Error("a foreign type can only be previewed")),
};

export class UnsupportedError extends Error {
  override readonly name = "UnsupportedError";
}

/** @throws UnsupportedError for a type that this engine cannot make; a preview shows it all the same. */
export function kindOf(type: string, dryRun: boolean): ResourceKind {
  const kind = Object.hasOwn(KINDS, type) ? KINDS[type] : undefined;
  if (kind !== undefined) return kind;
  if (dryRun) return FOREIGN;
  throw new UnsupportedError(
    `the embedded engine does not manage the type ${type} (it knows ${Object.keys(KINDS).join(", ")}); use the Pulumi CLI`,
  );
}

/** @throws UnsupportedError that names the inputs which would otherwise be lost. */
export function refuseUnknownInputs({ type, inputs, ignoreChanges }: Goal, kind: ResourceKind): void {
  const unknown = Object.keys(inputs).filter((key) => !(key in kind.inputs));
  if (unknown.length > 0) {
    throw new UnsupportedError(
      `the embedded engine does not implement ${unknown.join(", ")} of ${type}; use the Pulumi CLI`,
    );
  }
  const nested = ignoreChanges.filter((path) => /[.[]/.test(path));
  if (nested.length > 0) {
    throw new UnsupportedError(
      `the embedded engine ignores changes of whole properties only, not of ${nested.join(", ")}`,
    );
  }
}
