/** The embedded engine's three operations on a stack. */
import { Deployment, type HookRunner } from "./deployment.ts";
import type { Change, Listener } from "./events.ts";
import { type Goal, isProvider, urnOf } from "./goal.ts";
import { serveMonitor } from "./monitor.ts";
import { startProgram } from "./program.ts";
import { finishInterrupted } from "./repair.ts";
import type { Backend } from "./state/backend.ts";
import type { ResourceState, Snapshot } from "./state/checkpoint.ts";
import type { Entry } from "./state/journal.ts";
import type { Crypter } from "./state/passphrase.ts";
import { conceal, type Properties, UNKNOWN } from "./values.ts";

export interface Stack {
  readonly backend: Backend;
  readonly crypter: Crypter;
  /** The folder with `Pulumi.yaml`. */
  readonly folder: string;
  readonly config: Readonly<Record<string, string>>;
  readonly secretKeys: readonly string[];
}

export interface RunOptions {
  readonly listen: Listener;
  /** Calls to providers at one time. */
  readonly parallel: number;
  /** Sees each step as it is made durable. */
  readonly onRecord?: (entry: Entry) => void;
  readonly signal?: AbortSignal;
}

export interface RunResult {
  readonly succeeded: boolean;
  readonly changes: readonly Change[];
  readonly errors: readonly string[];
}

/** What the engine itself answers; everything else belongs to a provider. */
const readStackResourceOutputs = (snapshot: Snapshot): Properties => ({
  outputs: Object.fromEntries(
    snapshot.resources
      .filter((state) => state.delete !== true)
      .map(({ urn, type, outputs }) => [urn, { type, outputs: conceal(outputs ?? {}) }]),
  ),
});

/** The provider of Pulumi's own resource types. No program registers it; every state that has such a resource holds it. */
const BUILTIN_PROVIDER = "pulumi:providers:pulumi";

/** The SDK's word for a step that has failed here, and of which the reason has been told. */
const ECHO = /^Error: resource \S+ \[\S+\] failed to register/;

const isVisible = ({ type }: Change): boolean => type !== BUILTIN_PROVIDER;

const builtinProvider = (project: string, stack: string): Goal => ({
  urn: urnOf(stack, project, BUILTIN_PROVIDER, "default"),
  type: BUILTIN_PROVIDER,
  name: "default",
  custom: true,
  inputs: {},
  dependencies: [],
  propertyDependencies: {},
  aliases: [],
  deleteBeforeReplace: false,
  ignoreChanges: [],
  replaceOnChanges: [],
  replaceWith: [],
  protect: false,
  retainOnDelete: false,
  additionalSecretOutputs: [],
  hooks: {},
});

/** Gives a resource of Pulumi's own its provider, and refuses one that would need a provider nobody named. */
function withProvider(goal: Goal, builtin: string): Goal {
  if (!goal.custom || goal.provider !== undefined || isProvider(goal.type)) return goal;
  if (goal.type.startsWith("pulumi:")) return { ...goal, provider: builtin };
  throw new Error(
    `${goal.name}: no provider is named for ${goal.type}, and default providers are switched off`,
  );
}

async function runProgram(
  stack: Stack,
  snapshot: Snapshot,
  deployment: Deployment,
  hooks: HookSwitch,
  options: RunOptions,
  dryRun: boolean,
): Promise<RunResult> {
  const { backend, config, secretKeys, folder } = stack;
  const info = {
    project: backend.project,
    stack: backend.stack,
    organization: "organization",
    dryRun,
    parallel: options.parallel,
    config,
    secretKeys,
  };
  const builtin = builtinProvider(backend.project, backend.stack);
  const { id } = await deployment.register(builtin);
  const monitor = await serveMonitor(info, {
    listen: (event) => {
      if (event.kind !== "message" || !ECHO.test(event.text)) options.listen(event);
    },
    register: (goal) => deployment.register(withProvider(goal, `${builtin.urn}::${id || UNKNOWN}`)),
    registerOutputs: (urn, outputs) => deployment.registerOutputs(urn, outputs),
    invoke: async (token) => {
      if (token === "pulumi:pulumi:readStackResourceOutputs") return readStackResourceOutputs(snapshot);
      throw new Error(`the embedded engine does not implement the function ${token}; use the Pulumi CLI`);
    },
  });
  hooks.run = monitor.runHooks;
  const program = startProgram(info, monitor.address, folder, (text) =>
    options.listen({ kind: "message", severity: "info", text: text.trimEnd() }),
  );
  const { succeeded, error } = await program.result;
  monitor.close();
  if (error !== undefined) options.listen({ kind: "message", severity: "error", text: error });
  if (succeeded) await deployment.removeRest();
  return resultOf(deployment, succeeded);
}

const resultOf = (deployment: Deployment, succeeded: boolean): RunResult => ({
  succeeded: succeeded && deployment.errors.length === 0,
  changes: deployment.changes.filter(isVisible),
  errors: deployment.errors,
});

/** The hooks live in the program, which starts after the deployment that runs them exists. */
interface HookSwitch {
  run: HookRunner;
}

/** What the program would change; nothing is, and no provider is asked. */
export async function preview(stack: Stack, options: RunOptions): Promise<RunResult> {
  const { snapshot, interrupted } = await finishInterrupted(stack.backend.load(stack.crypter), true);
  const hooks: HookSwitch = { run: () => Promise.resolve() };
  const deployment = new Deployment(snapshot, {
    dryRun: true,
    parallel: options.parallel,
    record: () => {},
    listen: options.listen,
    runHooks: (names, step) => hooks.run(names, step),
    interrupted,
  });
  return runProgram(stack, snapshot, deployment, hooks, options, true);
}

/** Makes the world what the program says. */
export const up = (stack: Stack, options: RunOptions): Promise<RunResult> =>
  change(stack, options, (snapshot, deployment, hooks) =>
    runProgram(stack, snapshot, deployment, hooks, options, false),
  );

/** Removes everything that the stack holds. */
export const destroy = (stack: Stack, options: RunOptions): Promise<RunResult> =>
  change(stack, options, async (_snapshot, deployment) => {
    await deployment.removeRest();
    return resultOf(deployment, true);
  });

async function change(
  stack: Stack,
  options: RunOptions,
  work: (snapshot: Snapshot, deployment: Deployment, hooks: HookSwitch) => Promise<RunResult>,
): Promise<RunResult> {
  const { backend, crypter } = stack;
  const unlock = backend.lock();
  try {
    const { snapshot, interrupted } = await finishInterrupted(backend.load(crypter), false);
    await backend.save(snapshot, crypter);
    const journal = backend.journal(crypter);
    const hooks: HookSwitch = { run: () => Promise.resolve() };
    const deployment = new Deployment(snapshot, {
      dryRun: false,
      parallel: options.parallel,
      record: (entry) => {
        journal.append(entry);
        options.onRecord?.(entry);
      },
      listen: (event) => {
        if (event.kind === "begin" || event.kind === "end" ? isVisible(event.change) : true)
          options.listen(event);
      },
      runHooks: (names, step) => hooks.run(names, step),
      interrupted,
    });
    options.signal?.addEventListener("abort", () => deployment.cancel());
    try {
      return await work(snapshot, deployment, hooks);
    } finally {
      await backend.save(deployment.snapshot(), crypter);
      journal.clear();
    }
  } finally {
    unlock();
  }
}

/** The stack's outputs as the last run left them, secrets still marked. */
export function outputsOf({ backend, crypter }: Stack): Properties {
  const isRoot = ({ type }: ResourceState): boolean => type === "pulumi:pulumi:Stack";
  return backend.load(crypter).resources.find(isRoot)?.outputs ?? {};
}
