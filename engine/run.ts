/** The engine's operations on a stack. */
import { isBuiltinProvider } from "./builtin-provider.ts";
import { Deployment } from "./deployment.ts";
import type { Change, Event } from "./events.ts";
import { PreviewRunner } from "./preview.ts";
import { assumeRecovered, recoverPendingOperations } from "./recover.ts";
import { ResourceTable } from "./resource-table.ts";
import { type Opened, runProgram } from "./run-program.ts";
import type { RunOptions, Stack } from "./stack.ts";
import type { Backend } from "./state/backend.ts";
import type { Crypter } from "./state/passphrase.ts";
import { isStackType } from "./urn.ts";
import type { Properties } from "./values.ts";
import { ProgramHooks } from "./wire/hooks.ts";

export interface RunResult {
  readonly succeeded: boolean;
  readonly changes: readonly Change[];
  /** `NAME: MESSAGE` of each resource that failed. */
  readonly errors: readonly string[];
}

type OpenedDeployment = Opened<Deployment>;

/** What the program would change. Nothing is changed, and no provider is called. */
export async function preview(stack: Stack, options: RunOptions): Promise<RunResult> {
  const { listen } = options;
  const open = async (): Promise<OpenedDeployment> => {
    const { snapshot, interrupted } = assumeRecovered(stack.backend.load(await stack.crypter));
    const table = new ResourceTable(snapshot);
    return { snapshot, deployment: new Deployment(table, new PreviewRunner(table), { listen, interrupted }) };
  };
  const opening = open();
  return finish(opening, await runProgram(stack, opening, new ProgramHooks(), options, true));
}

/** Changes the world to what the program describes. */
export const up = (stack: Stack, options: RunOptions): Promise<RunResult> =>
  change(stack, options, async (opening, hooks) =>
    finish(opening, await runProgram(stack, opening, hooks, options, false)),
  );

/** Deletes everything in the stack. */
export const destroy = (stack: Stack, options: RunOptions): Promise<RunResult> =>
  change(stack, options, (opening) => finish(opening, true));

async function finish(opening: Promise<OpenedDeployment>, programSucceeded: boolean): Promise<RunResult> {
  const { deployment } = await opening;
  await deployment.finish(programSucceeded);
  return {
    succeeded: programSucceeded && deployment.errors.length === 0,
    changes: deployment.changes.filter((change) => !isBuiltinProvider(change)),
    errors: deployment.errors,
  };
}

async function change(
  { backend, crypter }: Stack,
  options: RunOptions,
  work: (opening: Promise<OpenedDeployment>, hooks: ProgramHooks) => Promise<RunResult>,
): Promise<RunResult> {
  const unlock = backend.lock();
  const hooks = new ProgramHooks();
  try {
    const opening = open(backend, crypter, options, hooks);
    try {
      return await work(opening, hooks);
    } finally {
      // A state that did not open is left as it is; the error is thrown by the work.
      await opening.then(
        ({ close }) => close(),
        () => undefined,
      );
    }
  } finally {
    unlock();
  }
}

async function open(
  backend: Backend,
  opening: Promise<Crypter>,
  { listen, parallel, signal, onRecord }: RunOptions,
  hooks: ProgramHooks,
): Promise<OpenedDeployment & { close(): Promise<void> }> {
  // Loaded here because a preview executes nothing, and its start time counts.
  const [crypter, { ExecutionRunner }] = await Promise.all([opening, import("./execute.ts")]);
  const { snapshot, interrupted } = await recoverPendingOperations(backend.load(crypter));
  await backend.save(snapshot, crypter);
  const journal = backend.journal(crypter);
  const table = new ResourceTable(snapshot);
  const runner = new ExecutionRunner(table, {
    parallel,
    interrupted,
    signal,
    runHooks: hooks.run,
    listen: (event) => {
      if (isVisible(event)) listen(event);
    },
    record: (entry) => {
      journal.append(entry);
      onRecord?.(entry);
    },
  });
  return {
    snapshot,
    deployment: new Deployment(table, runner, { listen, interrupted, signal }),
    async close() {
      await backend.save(table.snapshot(), crypter);
      journal.clear();
    },
  };
}

const isVisible = (event: Event): boolean =>
  (event.kind !== "begin" && event.kind !== "end") || !isBuiltinProvider(event.change);

/** The stack's outputs as the last run left them, with secrets still marked. */
export async function readOutputs({ backend, crypter }: Stack): Promise<Properties> {
  return backend.load(await crypter).resources.find(({ type }) => isStackType(type))?.outputs ?? {};
}
