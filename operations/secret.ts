import { Crypter } from "pulumi-embedded-engine/state";
import { VARIABLE_NAME } from "../fleet/config/primitives.ts";
import { isOwnedVariable } from "../openclaw/environment.ts";
import { OperatorError } from "../system/operator-error.ts";
import type { Log } from "../system/terminal.ts";
import { readPassphrase } from "../workspace/passphrase.ts";
import { fileBackend, hasFileBackend, type Project } from "../workspace/project.ts";
import { readStackFile, writeSecret } from "../workspace/stack-file.ts";
import { readFleet } from "./fleet-config.ts";

/** The key of the stack's secrets: a new one only if neither its state nor its file has one. */
async function crypterOf(project: Project, log: Log): Promise<Crypter> {
  const passphrase = readPassphrase(project, log);
  const salt =
    readStackFile(project.stackFile, project.name).salt ??
    (hasFileBackend(project) ? fileBackend(project).salt() : undefined);
  return salt === undefined ? Crypter.create(passphrase) : Crypter.open(passphrase, salt);
}

export interface SecretPorts {
  /** Where the value comes from: not from an argument, which would stay in the shell's history. */
  readValue(prompt: string): Promise<string>;
  readonly log: Log;
}

/** Encrypts an environment variable of an agent and writes it into the stack file, as `pulumi config set --secret --path` would. */
export async function setSecret(
  project: Project,
  agent: string,
  variable: string,
  { readValue, log }: SecretPorts,
): Promise<void> {
  if (!readFleet(project).agents.some(({ name }) => name === agent)) {
    throw new OperatorError(`There is no agent "${agent}" in ${project.stackFile}. Add it first.`);
  }
  if (!VARIABLE_NAME.test(variable)) {
    throw new OperatorError(
      `"${variable}" is not a valid variable name: use capitals, digits and underscores.`,
    );
  }
  if (isOwnedVariable(variable)) {
    throw new OperatorError(`${variable} is set by the fleet itself and cannot be a secret of an agent.`);
  }
  const crypter = await crypterOf(project, log);
  const value = await readValue(`Value of ${variable} for ${agent}:`);
  if (value === "") throw new OperatorError("The value is empty; nothing was changed.");
  const path = [`${project.name}:secrets`, agent, variable];
  writeSecret(project.stackFile, path, crypter.encrypt(value), crypter.salt);
}
