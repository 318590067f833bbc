/** A stack as the Pulumi CLI opens it, through Pulumi's Automation API. */
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { LocalWorkspace, Stack } from "@pulumi/pulumi/automation/index.js";
import { messageOf, OperatorError } from "../system/operator-error.ts";
import type { Log } from "../system/terminal.ts";
import { passphraseEnvironment } from "./passphrase.ts";
import { hasFileBackend, type Project, resolvedBackendUrl } from "./project.ts";

/** Loaded when the CLI is used: it is large, and the embedded engine works without it. */
export const loadAutomation = () => import("@pulumi/pulumi/automation/index.js");

export async function openWorkspace(project: Project, log: Log): Promise<LocalWorkspace> {
  const passphrase = hasFileBackend(project) ? passphraseEnvironment(project, log) : {};
  const { LocalWorkspace } = await loadAutomation();
  return LocalWorkspace.create({
    workDir: project.folder,
    envVars: {
      ...passphrase,
      PULUMI_BACKEND_URL: resolvedBackendUrl(project),
      PULUMI_SKIP_UPDATE_CHECK: "true",
    },
  }).catch((error: unknown) => {
    throw new OperatorError(`The Pulumi CLI cannot be used: ${messageOf(error)}`);
  });
}

/** A stack with a state that the embedded engine can read too. */
export async function openFileStack(project: Project, workspace: LocalWorkspace): Promise<Stack> {
  const { Stack } = await loadAutomation();
  // Selecting the stack would redirect the operator's own `pulumi` commands to it.
  workspace.selectStack = () => Promise.resolve();
  return Stack.select(project.stack, workspace);
}

/** A stack that only the CLI can read, created if it does not exist. */
export async function openRemoteStack(project: Project, workspace: LocalWorkspace): Promise<Stack> {
  const { Stack } = await loadAutomation();
  const content = readFileSync(project.stackFile, "utf8");
  try {
    return await Stack.createOrSelect(project.stack, workspace);
  } finally {
    if (readFileSync(project.stackFile, "utf8") !== content) writeFileSync(project.stackFile, content);
  }
}

/** Runs work with a copy of the stack file, because the CLI writes `encryptionsalt` into the file that it reads. */
export async function withConfigFile<T>(
  { stackFile }: Project,
  work: (configFile: string) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "agent-fleet-config-"));
  try {
    const configFile = join(folder, basename(stackFile));
    copyFileSync(stackFile, configFile);
    return await work(configFile);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
