/** Either engine, as the commands see it. */
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import type { Change } from "pulumi-embedded-engine";
import type { FleetOutput } from "../stacks/output.ts";
import { embeddedEngine } from "./embedded.ts";
import { hasFileBackend, type Project } from "./project.ts";
import { pulumiEngine } from "./pulumi-cli.ts";
import { UserError } from "./user-error.ts";

export interface Outputs {
  readonly fleet: FleetOutput;
  readonly tokens: Readonly<Record<string, string>>;
}

export interface PreviewResult {
  readonly succeeded: boolean;
  /** Without those that are the same. */
  readonly changes: readonly Change[];
  readonly unchanged: number;
}

export interface StackEngine {
  readonly name: EngineName;
  /** Progress goes to the terminal; the result is true where everything converged. */
  up(): Promise<boolean>;
  preview(): Promise<PreviewResult>;
  destroy(): Promise<boolean>;
  /** Undefined where the stack holds nothing. */
  outputs(): Promise<Outputs | undefined>;
}

export const ENGINES = ["embedded", "pulumi"] as const;
export type EngineName = (typeof ENGINES)[number];

export interface Terminal {
  /** What the operator asked for. */
  print(line: string): void;
  /** What happens on the way there. */
  log(line: string): void;
}

const isOnPath = (command: string): boolean =>
  (process.env["PATH"] ?? "").split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, command), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });

/** @throws UserError where the engine that was asked for, or that the backend needs, is not there. */
export function chooseEngine(
  project: Project,
  wanted: EngineName | undefined,
  terminal: Terminal,
): StackEngine {
  const hasPulumi = isOnPath("pulumi");
  if (wanted === "pulumi" && !hasPulumi) {
    throw new UserError(
      "There is no `pulumi` on PATH. Install the Pulumi CLI, or leave out --engine pulumi.",
    );
  }
  const name = wanted ?? (hasPulumi ? "pulumi" : "embedded");
  if (name === "embedded" && !hasFileBackend(project)) {
    throw new UserError(
      `The backend ${project.backendUrl} needs the Pulumi CLI, and there is no \`pulumi\` on PATH.`,
    );
  }
  const reason =
    wanted !== undefined ? "as asked" : hasPulumi ? "found on PATH" : "there is no pulumi on PATH";
  terminal.log(
    `Stack ${project.stack}, ${name === "pulumi" ? "Pulumi CLI" : "embedded engine"} (${reason}), state in ${project.backendUrl}`,
  );
  return name === "pulumi" ? pulumiEngine(project, terminal) : embeddedEngine(project, terminal);
}
