/** What exists, as a plan begins with it: from the stack's own state, or from an export of it. */
import { readFileSync } from "node:fs";
import { z } from "zod";
import type { Registry } from "../fleet/placement/slots.ts";
import { stateOf } from "../stacks/state.ts";
import type { Terminal } from "../workspace/engine.ts";
import { fileBackend, hasFileBackend, type Project } from "../workspace/project.ts";
import { UserError } from "../workspace/user-error.ts";

const exported = z.looseObject({
  version: z.int().default(3),
  features: z.array(z.string()).optional(),
  deployment: z.looseObject({
    resources: z
      .array(z.looseObject({ urn: z.string(), type: z.string(), outputs: z.unknown().optional() }))
      .default([]),
  }),
});

/** What `pulumi stack export` writes, with everything in it. */
export type StackExport = z.infer<typeof exported>;

/** @throws UserError */
export function readExport(file: string): StackExport {
  try {
    return exported.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch (error) {
    throw new UserError(
      `${file} cannot be read as a stack's state (${(error as Error).message}). Write it by: pulumi stack export --file ${file}`,
    );
  }
}

export const registryOfExport = ({ deployment }: StackExport): Registry =>
  stateOf(deployment.resources).registry;

/** Undefined where there is no state that can be read here. Reads no secret, so that a plan needs no passphrase. */
export function registryOfStack(project: Project, { log }: Terminal): Registry | undefined {
  if (!hasFileBackend(project)) return undefined;
  const backend = fileBackend(project);
  if (backend.hasJournal()) {
    log("A run of this stack is under way or was interrupted: what it has made so far is not in this plan.");
  }
  return backend.exists() ? stateOf(backend.sealedResources()).registry : undefined;
}
