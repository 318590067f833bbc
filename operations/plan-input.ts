/** The state that a plan starts from: the stack's own, or an export of it. */
import { readFileSync } from "node:fs";
import { z } from "zod";
import { type StackState, stateOf } from "../stacks/state.ts";
import { messageOf, OperatorError } from "../system/operator-error.ts";
import type { Log } from "../system/terminal.ts";
import { fileBackend, hasFileBackend, type Project } from "../workspace/project.ts";

const exported = z.looseObject({
  version: z.int().default(3),
  features: z.array(z.string()).optional(),
  deployment: z.looseObject({
    resources: z
      .array(z.looseObject({ urn: z.string(), type: z.string(), outputs: z.unknown().optional() }))
      .default([]),
  }),
});

/** What `pulumi stack export` writes, unknown keys included. */
export type StackExport = z.infer<typeof exported>;

/** @throws OperatorError */
export function readExport(file: string): StackExport {
  try {
    return exported.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch (error) {
    throw new OperatorError(
      `${file} is not an export of a stack's state (${messageOf(error)}). Create one: pulumi stack export --file ${file}`,
    );
  }
}

export const stateOfExport = ({ deployment }: StackExport): StackState => stateOf(deployment.resources);

function readState(project: Project, onUnfinished: () => void): StackState | undefined {
  if (!hasFileBackend(project)) return undefined;
  const backend = fileBackend(project);
  if (backend.hasJournal()) onUnfinished();
  return backend.exists() ? stateOf(backend.sealedResources()) : undefined;
}

/** Undefined if there is no state, or only the Pulumi CLI can read it. Needs no passphrase: nothing secret is read. */
export const stateOfStack = (project: Project, log: Log): StackState | undefined =>
  readState(project, () =>
    log("A run of this stack is in progress or was interrupted: its changes so far are not in this plan."),
  );

const howToExport = (stack: string): string =>
  `pulumi stack export --stack ${stack} --file state.json, then --state state.json`;

/**
 * What a plan starts from: of a stack that was never deployed, or whose state only the Pulumi CLI can read, nothing.
 *
 * @param file an export that takes the place of the stack's own state
 */
export function existingState(project: Project, file: string | undefined, log: Log): StackState {
  if (file !== undefined) return stateOfExport(readExport(file));
  if (!hasFileBackend(project)) {
    log(
      `Only the Pulumi CLI can read the state in ${project.backendUrl}, so this plan starts from an empty stack. To plan from the state: ${howToExport(project.stack)}`,
    );
  }
  return stateOfStack(project, log) ?? stateOf([]);
}

/**
 * What the state says exists; of a stack that was never deployed, nothing.
 *
 * @param file an export that takes the place of the stack's own state
 * @throws OperatorError if only the Pulumi CLI can read the state
 */
export function stateFor(project: Project, file: string | undefined, log: Log): StackState {
  if (file !== undefined) return stateOfExport(readExport(file));
  if (!hasFileBackend(project)) {
    throw new OperatorError(
      `Only the Pulumi CLI can read the state in ${project.backendUrl}, which says what should exist: ${howToExport(project.stack)}`,
    );
  }
  const onUnfinished = (): void =>
    log("A run of this stack is in progress or was interrupted: what it changed is not known here.");
  return readState(project, onUnfinished) ?? stateOf([]);
}
