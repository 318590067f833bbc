/** Where the program and its stack's files are, and what they contain. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Backend, backendFolder } from "pulumi-embedded-engine/state";
import { parse } from "yaml";
import { LOCAL_STACK } from "../fleet/commands.ts";
import { isRecord } from "../system/guards.ts";
import { OperatorError } from "../system/operator-error.ts";

const STACK_NAME = /^[A-Za-z0-9_.-]{1,100}$/;
const DEFAULT_BACKEND = "file://~";

export interface Project {
  /** Holds `Pulumi.yaml`. */
  readonly folder: string;
  readonly name: string;
  readonly stack: string;
  /** `Pulumi.<stack>.yaml`. */
  readonly stackFile: string;
  readonly backendUrl: string;
}

/** @param named by the command's option */
export const stackOf = (named: string | undefined): string =>
  named ?? (process.env["PULUMI_STACK"] || LOCAL_STACK);

/** @throws OperatorError if the stack has no file */
export function openProject(named?: string): Project {
  const stack = stackOf(named);
  if (!STACK_NAME.test(stack)) {
    throw new OperatorError(
      `"${stack}" is not a valid stack name: use letters, digits, hyphens, dots and underscores.`,
    );
  }
  const folder = dirname(dirname(fileURLToPath(import.meta.url)));
  const settings = readSettings(join(folder, "Pulumi.yaml"));
  const stackFile = join(folder, `Pulumi.${stack}.yaml`);
  if (!existsSync(stackFile)) {
    throw new OperatorError(
      `There is no stack "${stack}": ${stackFile} does not exist. Copy Pulumi.local.yaml to start one.`,
    );
  }
  const backendUrl = process.env["PULUMI_BACKEND_URL"] || settings.backendUrl;
  return { folder, name: settings.name, stack, stackFile, backendUrl };
}

function readSettings(file: string): { name: string; backendUrl: string } {
  const settings: unknown = parse(readFileSync(file, "utf8"));
  if (!isRecord(settings) || typeof settings["name"] !== "string") {
    throw new OperatorError(`${file} has no \`name\`.`);
  }
  const url = isRecord(settings["backend"]) ? settings["backend"]["url"] : undefined;
  return { name: settings["name"], backendUrl: typeof url === "string" ? url : DEFAULT_BACKEND };
}

/** @throws Error if the backend does not consist of files */
export const fileBackend = ({ backendUrl, folder, name, stack }: Project): Backend =>
  new Backend(backendFolder(backendUrl, folder), name, stack);

/** The URL for the Pulumi CLI, with the path spelled out: the CLI may resolve `~` differently from this process. */
export const resolvedBackendUrl = (project: Project): string =>
  hasFileBackend(project)
    ? `file://${dirname(backendFolder(project.backendUrl, project.folder))}`
    : project.backendUrl;

export const hasFileBackend = ({ backendUrl }: Project): boolean => backendUrl.startsWith("file://");
