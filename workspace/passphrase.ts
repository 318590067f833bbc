/** Finds the passphrase that decrypts a stack's secrets. */
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { LOCAL_STACK } from "../fleet/commands.ts";
import { OperatorError } from "../system/operator-error.ts";
import type { Log } from "../system/terminal.ts";
import { fileBackend, hasFileBackend, type Project } from "./project.ts";

const ENTROPY_BYTES = 24;

const passphraseFile = (project: Project): string =>
  fileBackend(project).checkpointFile.replace(/\.json$/, ".passphrase");

/** The local stack's own passphrase file; created if there is neither a file nor a state. */
function ensurePassphraseFile(project: Project, log: Log): string | undefined {
  if (project.stack !== LOCAL_STACK || !hasFileBackend(project)) return undefined;
  const file = passphraseFile(project);
  if (existsSync(file)) return file;
  // The state's secrets need the passphrase that they were encrypted with: a new one would only hide that it is missing.
  if (fileBackend(project).exists()) return undefined;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${randomBytes(ENTROPY_BYTES).toString("base64url")}\n`, { mode: 0o600, flag: "wx" });
  log(
    `No passphrase is set: generated one for this stack in ${file}. Keep it with the state; its secrets need it.`,
  );
  return file;
}

export type PassphraseEnvironment = Readonly<
  Record<"PULUMI_CONFIG_PASSPHRASE", string> | Record<"PULUMI_CONFIG_PASSPHRASE_FILE", string>
>;

/**
 * The environment variables from which both engines read a passphrase, completed for the local stack.
 *
 * @throws OperatorError if there is none
 */
export function passphraseEnvironment(
  project: Project,
  log: Log,
  environment: Readonly<NodeJS.ProcessEnv> = process.env,
): PassphraseEnvironment {
  const { PULUMI_CONFIG_PASSPHRASE: value, PULUMI_CONFIG_PASSPHRASE_FILE: file } = environment;
  if (value !== undefined) return { PULUMI_CONFIG_PASSPHRASE: value };
  if (file !== undefined && file !== "") {
    if (!existsSync(file)) {
      throw new OperatorError(`PULUMI_CONFIG_PASSPHRASE_FILE is ${file}, which does not exist.`);
    }
    return { PULUMI_CONFIG_PASSPHRASE_FILE: file };
  }
  const own = ensurePassphraseFile(project, log);
  if (own !== undefined) return { PULUMI_CONFIG_PASSPHRASE_FILE: own };
  throw new OperatorError(
    `Stack ${project.stack} needs its passphrase: set PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE.`,
  );
}

/** @throws OperatorError if there is none */
export function readPassphrase(project: Project, log: Log): string {
  const environment = passphraseEnvironment(project, log);
  return "PULUMI_CONFIG_PASSPHRASE" in environment
    ? environment.PULUMI_CONFIG_PASSPHRASE
    : readFileSync(environment.PULUMI_CONFIG_PASSPHRASE_FILE, "utf8").trim();
}
