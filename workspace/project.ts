/** Where the program and its stack's files are, and what they say. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Backend, backendFolder } from "pulumi-embedded-engine/state";
import { parse } from "yaml";
import { UserError } from "./user-error.ts";

/** The stack that may be changed without a question: it is the operator's own machine. */
export const LOCAL_STACK = "local";

const STACK_NAME = /^[A-Za-z0-9_.-]{1,100}$/;

export interface Project {
  /** Holds `Pulumi.yaml`. */
  readonly folder: string;
  readonly name: string;
  readonly stack: string;
  /** `Pulumi.<stack>.yaml`. */
  readonly stackFile: string;
  readonly backendUrl: string;
}

/** @throws UserError where the stack has no file. */
export function openProject(stack = process.env["PULUMI_STACK"] || LOCAL_STACK): Project {
  if (!STACK_NAME.test(stack)) {
    throw new UserError(`"${stack}" is no stack's name: use letters, digits, hyphens, dots and underscores.`);
  }
  const folder = dirname(dirname(fileURLToPath(import.meta.url)));
  const settings = parse(readFileSync(join(folder, "Pulumi.yaml"), "utf8")) as {
    name: string;
    backend?: { url?: string };
  };
  const stackFile = join(folder, `Pulumi.${stack}.yaml`);
  if (!existsSync(stackFile)) {
    throw new UserError(
      `There is no stack "${stack}": ${stackFile} does not exist. Copy Pulumi.local.yaml to begin.`,
    );
  }
  const backendUrl = process.env["PULUMI_BACKEND_URL"] || settings.backend?.url || "file://~";
  return { folder, name: settings.name, stack, stackFile, backendUrl };
}

/** @throws Error where the backend is none of files. */
export const fileBackend = ({ backendUrl, folder, name, stack }: Project): Backend =>
  new Backend(backendFolder(backendUrl, folder), name, stack);

/** The backend as the Pulumi CLI takes it: spelled out, because the CLI's idea of `~` can be another than this process's. */
export const resolvedBackendUrl = (project: Project): string =>
  hasFileBackend(project)
    ? `file://${dirname(backendFolder(project.backendUrl, project.folder))}`
    : project.backendUrl;

export const hasFileBackend = ({ backendUrl }: Project): boolean => backendUrl.startsWith("file://");
