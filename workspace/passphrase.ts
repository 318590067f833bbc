/** Finds the passphrase that opens a stack's secrets. */
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileBackend, hasFileBackend, LOCAL_STACK, type Project } from "./project.ts";
import { UserError } from "./user-error.ts";

const ENTROPY_BYTES = 24;

const localFile = (project: Project): string =>
  fileBackend(project).checkpointFile.replace(/\.json$/, ".passphrase");

/** The local stack's own passphrase file; made where neither it nor any state exists. */
function ensureLocalFile(project: Project, log: (line: string) => void): string | undefined {
  if (project.stack !== LOCAL_STACK || !hasFileBackend(project)) return undefined;
  const file = localFile(project);
  if (existsSync(file)) return file;
  // A state without its passphrase was made with another: a new one would only hide that.
  if (fileBackend(project).exists()) return undefined;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${randomBytes(ENTROPY_BYTES).toString("base64url")}\n`, { mode: 0o600, flag: "wx" });
  log(
    `No passphrase is set: made one for this stack in ${file}. Keep it with the state; its secrets need it.`,
  );
  return file;
}

/**
 * The environment that both engines read a passphrase from, completed for the local stack.
 *
 * @throws UserError where there is none.
 */
export function passphraseEnvironment(project: Project, log: (line: string) => void): Record<string, string> {
  const { PULUMI_CONFIG_PASSPHRASE: value, PULUMI_CONFIG_PASSPHRASE_FILE: file } = process.env;
  if (value !== undefined) return { PULUMI_CONFIG_PASSPHRASE: value };
  if (file !== undefined && file !== "") {
    if (!existsSync(file)) {
      throw new UserError(`PULUMI_CONFIG_PASSPHRASE_FILE names ${file}, which does not exist.`);
    }
    return { PULUMI_CONFIG_PASSPHRASE_FILE: file };
  }
  const own = ensureLocalFile(project, log);
  if (own !== undefined) return { PULUMI_CONFIG_PASSPHRASE_FILE: own };
  throw new UserError(
    `Stack ${project.stack} needs its passphrase: set PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE.`,
  );
}

export function readPassphrase(project: Project, log: (line: string) => void): string {
  const environment = passphraseEnvironment(project, log);
  const file = environment["PULUMI_CONFIG_PASSPHRASE_FILE"];
  return environment["PULUMI_CONFIG_PASSPHRASE"] ?? readFileSync(file ?? "", "utf8").trim();
}
