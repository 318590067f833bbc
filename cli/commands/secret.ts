import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { text } from "node:stream/consumers";
import { Crypter } from "pulumi-embedded-engine/state";
import type { Terminal } from "../engine.ts";
import { readFleet } from "../fleet-config.ts";
import { readPassphrase } from "../passphrase.ts";
import { fileBackend, hasFileBackend, type Project } from "../project.ts";
import { readStackFile, writeSecret } from "../stack-file.ts";
import { UserError } from "../user-error.ts";

/** From standard input, or a prompt that shows nothing: an argument would stay in the shell's history. */
async function readValue(prompt: string): Promise<string> {
  if (!process.stdin.isTTY) return (await text(process.stdin)).replace(/\r?\n$/, "");
  process.stderr.write(prompt);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const reader = createInterface({ input: process.stdin, output: silent, terminal: true });
  try {
    return await reader.question("");
  } finally {
    reader.close();
    process.stderr.write("\n");
  }
}

/** Seals a value and writes it into the stack file, as `pulumi config set --secret --path` would. */
export async function secretCommand(
  project: Project,
  agent: string,
  variable: string,
  { log, print }: Terminal,
): Promise<boolean> {
  if (!Object.hasOwn(readFleet(project).agents, agent)) {
    throw new UserError(`There is no agent "${agent}" in ${project.stackFile}. Add it first.`);
  }
  if (!/^[A-Z_][A-Z0-9_]*$/.test(variable)) {
    throw new UserError(`"${variable}" is no variable's name: use capitals, digits and underscores.`);
  }
  const passphrase = readPassphrase(project, log);
  const salt =
    readStackFile(project.stackFile, project.name).salt ??
    (hasFileBackend(project) ? fileBackend(project).salt() : undefined);
  const crypter = await (salt === undefined ? Crypter.create(passphrase) : Crypter.open(passphrase, salt));
  const value = await readValue(`Value of ${variable} for ${agent} (not shown): `);
  if (value === "") throw new UserError("The value is empty; nothing was changed.");
  const path = [`${project.name}:secrets`, agent, variable];
  writeSecret(project.stackFile, path, crypter.encrypt(value), crypter.salt);
  print(`${variable} of ${agent} is sealed in ${project.stackFile}. Put it into force: npm run up`);
  return true;
}
