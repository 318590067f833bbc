import { onPath } from "../system/on-path.ts";
import { OperatorError } from "../system/operator-error.ts";
import type { Log, Terminal } from "../system/terminal.ts";
import type { EngineName, StackEngine } from "./engine.ts";
import { hasFileBackend, type Project } from "./project.ts";

/** Loaded when chosen: each brings libraries that the other does not need, and a preview has to be quick. */
const OPEN: Readonly<Record<EngineName, (project: Project, terminal: { log: Log }) => Promise<StackEngine>>> =
  {
    embedded: async (project, terminal) => (await import("./embedded.ts")).embeddedEngine(project, terminal),
    pulumi: async (project, terminal) => (await import("./pulumi-cli.ts")).pulumiEngine(project, terminal),
  };

/**
 * Which engine is used, and why.
 *
 * @throws OperatorError if the engine that was requested, or that the backend needs, is missing
 */
export function chooseName(
  project: Project,
  requested: EngineName | undefined,
  hasPulumi: boolean,
): { readonly name: EngineName; readonly reason: string } {
  if (requested === "pulumi" && !hasPulumi) {
    throw new OperatorError(
      "There is no `pulumi` on PATH. Install the Pulumi CLI, or leave out --engine pulumi.",
    );
  }
  const name = requested ?? (hasPulumi ? "pulumi" : "embedded");
  if (name === "embedded" && !hasFileBackend(project)) {
    throw new OperatorError(
      `The backend ${project.backendUrl} needs the Pulumi CLI${
        hasPulumi ? ": leave out --engine embedded." : ", and there is no `pulumi` on PATH."
      }`,
    );
  }
  if (requested !== undefined) return { name, reason: "as requested" };
  return { name, reason: hasPulumi ? "found on PATH" : "there is no pulumi on PATH" };
}

/** @throws OperatorError if the engine that was requested, or that the backend needs, is missing */
export async function chooseEngine(
  project: Project,
  requested: EngineName | undefined,
  terminal: Pick<Terminal, "log">,
): Promise<StackEngine> {
  const { name, reason } = chooseName(project, requested, onPath("pulumi"));
  const label = name === "pulumi" ? "Pulumi CLI" : "embedded engine";
  terminal.log(`Stack ${project.stack}, ${label} (${reason}), state in ${project.backendUrl}`);
  return OPEN[name](project, terminal);
}
