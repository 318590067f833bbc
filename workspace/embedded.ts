import { randomUUID } from "node:crypto";
import { destroy, preview, type RunResult, readOutputs, type Stack, up } from "pulumi-embedded-engine";
import { Crypter } from "pulumi-embedded-engine/state";
import { reveal } from "pulumi-embedded-engine/values";
import type { Outputs, StackEngine, Terminal } from "./engine.ts";
import { readPassphrase } from "./passphrase.ts";
import { ProgressDisplay } from "./progress.ts";
import { fileBackend, type Project } from "./project.ts";
import { isSealedSomewhere, openConfig, readStackFile } from "./stack-file.ts";

/** Docker's daemon gains little from more calls at a time than this. */
const PARALLEL = 16;

export async function openStack(project: Project, log: (line: string) => void): Promise<Stack> {
  const backend = fileBackend(project);
  const file = readStackFile(project.stackFile, project.name);
  const passphrase = readPassphrase(project, log);
  const salt = backend.salt() ?? file.salt;
  // The key takes long to derive. Where the configuration needs none, the program starts meanwhile.
  const crypter = salt === undefined ? Crypter.create(passphrase) : Crypter.open(passphrase, salt);
  crypter.catch(() => undefined);
  const isOneKey = file.salt === undefined || file.salt === salt;
  const configCrypter = isSealedSomewhere(file)
    ? await (isOneKey ? crypter : Crypter.open(passphrase, file.salt))
    : undefined;
  return {
    backend,
    crypter,
    folder: project.folder,
    ...openConfig(file, (text) => configCrypter?.decrypt(text) ?? ""),
  };
}

/**
 * A stack of which nothing exists and nothing is sealed, with a key that nobody needs: so that a new stack can be looked at
 * by whoever has no passphrase for it. Only for looking: what such a key has sealed, no one could open.
 */
function openNew(project: Project): Stack | undefined {
  const backend = fileBackend(project);
  const file = readStackFile(project.stackFile, project.name);
  if (backend.exists() || backend.hasJournal() || isSealedSomewhere(file)) return undefined;
  return {
    backend,
    crypter: Crypter.create(randomUUID()),
    folder: project.folder,
    ...openConfig(file, (text) => text),
  };
}

export function embeddedEngine(project: Project, { log }: Terminal): StackEngine {
  // Once, because its key takes a tenth of a second to derive, and `up` reads the outputs after it has changed them.
  let opened: Promise<Stack> | undefined;
  const open = (): Promise<Stack> => {
    opened ??= openStack(project, log);
    return opened;
  };
  const run = async (operation: typeof up, stack?: Stack): Promise<RunResult> => {
    stack ??= await open();
    const abort = new AbortController();
    const interrupt = (): void => {
      log("Interrupted: waiting for the steps under way, then the state is saved.");
      abort.abort();
    };
    process.once("SIGINT", interrupt);
    process.once("SIGTERM", interrupt);
    const display = new ProgressDisplay(log);
    try {
      return await operation(stack, { listen: display.listen, parallel: PARALLEL, signal: abort.signal });
    } finally {
      display.stop();
      process.off("SIGINT", interrupt);
      process.off("SIGTERM", interrupt);
    }
  };
  return {
    name: "embedded",
    up: async () => (await run(up)).succeeded,
    async preview() {
      const { succeeded, changes } = await run(preview, openNew(project));
      const different = changes.filter(({ op }) => op !== "same");
      return { succeeded, changes: different, unchanged: changes.length - different.length };
    },
    destroy: async () => (await run(destroy)).succeeded,
    async outputs() {
      const outputs = reveal(await readOutputs(await open()));
      return outputs["fleet"] === undefined ? undefined : (outputs as unknown as Outputs);
    },
  };
}
