/** A stack as the embedded engine opens it: its backend, its configuration, and the key to its secrets. */
import { randomUUID } from "node:crypto";
import type { Stack } from "pulumi-embedded-engine";
import { Crypter } from "pulumi-embedded-engine/state";
import type { Log } from "../system/terminal.ts";
import { readPassphrase } from "./passphrase.ts";
import { fileBackend, type Project } from "./project.ts";
import { hasEncryptedValues, openConfig, readStackFile } from "./stack-file.ts";

export async function openStack(project: Project, log: Log): Promise<Stack> {
  const backend = fileBackend(project);
  const file = readStackFile(project.stackFile, project.name);
  const passphrase = readPassphrase(project, log);
  const salt = backend.salt() ?? file.salt;
  // Deriving the key is slow. If the configuration does not need it, the program starts meanwhile.
  const crypter = salt === undefined ? Crypter.create(passphrase) : Crypter.open(passphrase, salt);
  crypter.catch(() => undefined);
  const isSameKey = file.salt === undefined || file.salt === salt;
  const configCrypter = hasEncryptedValues(file)
    ? await (isSameKey ? crypter : Crypter.open(passphrase, file.salt))
    : undefined;
  return {
    backend,
    crypter,
    folder: project.folder,
    ...openConfig(file, (text) => configCrypter?.decrypt(text) ?? ""),
  };
}

/**
 * A stack without a state and without secrets, under a throw-away key: so that a new stack can be previewed without its
 * passphrase. For previews only, because nothing could decrypt what is encrypted with this key.
 *
 * @returns undefined if the stack has a state or a secret
 */
export function openNewStack(project: Project): Stack | undefined {
  const backend = fileBackend(project);
  const file = readStackFile(project.stackFile, project.name);
  if (backend.exists() || backend.hasJournal() || hasEncryptedValues(file)) return undefined;
  return {
    backend,
    crypter: Crypter.create(randomUUID()),
    folder: project.folder,
    ...openConfig(file, (text) => text),
  };
}
