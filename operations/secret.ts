import { Crypter } from "pulumi-embedded-engine/state";
import { VARIABLE_NAME } from "../fleet/config/primitives.ts";
import { isSealed } from "../fleet/config/sealed-secrets.ts";
import { CREDENTIAL_KEYS, NAMESPACE } from "../fleet/config/stack-keys.ts";
import { compare } from "../fleet/text.ts";
import { isOwnedVariable } from "../openclaw/environment.ts";
import { isRecord } from "../system/guards.ts";
import { OperatorError } from "../system/operator-error.ts";
import type { Log } from "../system/terminal.ts";
import { readPassphrase } from "../workspace/passphrase.ts";
import { fileBackend, hasFileBackend, type Project } from "../workspace/project.ts";
import { containsEncrypted, readStackFile, removeSecret, writeSecret } from "../workspace/stack-file.ts";
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

/** An agent's variable, as it is in the stack file. */
interface Entry {
  readonly agent: string;
  readonly variable: string;
  /** Encrypted as `{ secure: TEXT }`. */
  readonly value: unknown;
}

function entriesOf({ stackFile, name }: Project): Entry[] {
  const agents = readStackFile(stackFile, name).config[`${name}:secrets`];
  return Object.entries(isRecord(agents) ? agents : {}).flatMap(([agent, variables]) =>
    Object.entries(isRecord(variables) ? variables : {}).map(([variable, value]) => ({
      agent,
      variable,
      value,
    })),
  );
}

/** Also where another part of the configuration is wrong: it may be the secret that is missing, or what it replaces. */
function requireAgent(project: Project, agent: string): void {
  const fleet = readStackFile(project.stackFile, project.name).config[`${project.name}:fleet`];
  const agents = isRecord(fleet) ? fleet["agents"] : undefined;
  if (isRecord(agents) && Object.hasOwn(agents, agent)) return;
  // Why the file has no agents is more than that it does not have this one.
  readFleet(project);
  throw new OperatorError(`There is no agent "${agent}" in ${project.stackFile}. Add it first.`);
}

/** Undefined for what another key has encrypted, which the next preview reports. */
function decrypted(crypter: Crypter, value: unknown): unknown {
  try {
    return isSealed(value) ? crypter.decrypt(value.secure) : value;
  } catch {
    return undefined;
  }
}

/** Encrypts an environment variable of an agent and writes it into the stack file, as `pulumi config set --secret --path` would. */
export async function setSecret(
  project: Project,
  agent: string,
  variable: string,
  { readValue, log }: SecretPorts,
): Promise<void> {
  requireAgent(project, agent);
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
  for (const other of entriesOf(project)) {
    if (other.agent === agent || decrypted(crypter, other.value) !== value) continue;
    log(
      `${variable} of ${agent} has the same value as ${other.variable} of ${other.agent}: an attacker who reads one agent's key can use the other's, and revoking it stops both agents. Give each a key of its own.`,
    );
  }
}

/** Takes a variable out of the stack file. It needs no key, and the agent need not exist any more. @throws OperatorError */
export function unsetSecret(project: Project, agent: string, variable: string): void {
  if (removeSecret(project.stackFile, [`${project.name}:secrets`, agent, variable])) return;
  const others = entriesOf(project).filter((entry) => entry.agent === agent);
  const known = others.map((entry) => entry.variable).toSorted(compare);
  throw new OperatorError(
    `${agent} has no secret ${variable} in ${project.stackFile}; nothing was changed. ${
      known.length === 0 ? "It has none at all." : `It has ${known.join(", ")}.`
    }`,
  );
}

export interface SecretNames {
  readonly agents: readonly { readonly agent: string; readonly variable: string }[];
  /** Full keys of the fleet's own credentials. */
  readonly own: readonly string[];
}

/** What the stack file has, by name: no value is read. */
export function listSecrets(project: Project): SecretNames {
  const { config } = readStackFile(project.stackFile, project.name);
  const credentials = new Set(CREDENTIAL_KEYS.map((key) => `${NAMESPACE}:${key}`));
  const own = Object.entries(config).filter(
    ([key, value]) =>
      credentials.has(key) ||
      isSealed(value) ||
      (!key.startsWith(`${NAMESPACE}:`) && containsEncrypted(value)),
  );
  return {
    agents: entriesOf(project)
      .map(({ agent, variable }) => ({ agent, variable }))
      .toSorted((a, b) => compare(a.agent, b.agent) || compare(a.variable, b.variable)),
    own: own.map(([key]) => key).toSorted(compare),
  };
}
