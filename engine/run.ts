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
  /** Its key takes long to derive: meanwhile the program starts. */
  readonly crypter: Promise<Crypter>;
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

/** What a run begins with. */
interface Opened {
  readonly snapshot: Snapshot;
  readonly deployment: Deployment;
}

/** @param opening is waited for where its result is needed: the program takes longer to start than the state to open. */
async function runProgram(
  stack: Stack,
  opening: Promise<Opened>,
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
  const ready = opening.then(async (opened) => {
    const { id } = await opened.deployment.register(builtin);
    return { ...opened, builtin: `${builtin.urn}::${id || UNKNOWN}` };
  });
  const monitor = await serveMonitor(info, {
    listen: (event) => {
      if (event.kind !== "message" || !ECHO.test(event.text)) options.listen(event);
    },
    register: async (goal) => {
      const { deployment, builtin } = await ready;
      return deployment.register(withProvider(goal, builtin));
    },
    registerOutputs: async (urn, outputs) => (await ready).deployment.registerOutputs(urn, outputs),
    invoke: async (token) => {
      if (token === "pulumi:pulumi:readStackResourceOutputs")
        return readStackResourceOutputs((await ready).snapshot);
      throw new Error(`the embedded engine does not implement the function ${token}; use the Pulumi CLI`);
    },
  });
  hooks.run = monitor.runHooks;
  const program = startProgram(info, monitor.address, folder, (text) =>
    options.listen({ kind: "message", severity: "info", text: text.trimEnd() }),
  );
  ready.catch(() => program.stop());
  const { succeeded, error } = await program.result;
  monitor.close();
  const { deployment } = await ready;
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
export function preview(stack: Stack, options: RunOptions): Promise<RunResult> {
  const hooks: HookSwitch = { run: () => Promise.resolve() };
  const open = async (): Promise<Opened> => {
    const { snapshot, interrupted } = await finishInterrupted(stack.backend.load(await stack.crypter), true);
    const deployment = new Deployment(snapshot, {
      dryRun: true,
      parallel: options.parallel,
      record: () => {},
      listen: options.listen,
      runHooks: (names, step) => hooks.run(names, step),
      interrupted,
    });
    return { snapshot, deployment };
  };
  return runProgram(stack, open(), hooks, options, true);
}

/** Makes the world what the program says. */
export const up = (stack: Stack, options: RunOptions): Promise<RunResult> =>
  change(stack, options, (opening, hooks) => runProgram(stack, opening, hooks, options, false));

/** Removes everything that the stack holds. */
export const destroy = (stack: Stack, options: RunOptions): Promise<RunResult> =>
  change(stack, options, async (opening) => {
    const { deployment } = await opening;
    await deployment.removeRest();
    return resultOf(deployment, true);
  });

async function change(
  stack: Stack,
  options: RunOptions,
  work: (opening: Promise<Opened>, hooks: HookSwitch) => Promise<RunResult>,
): Promise<RunResult> {
  const { backend } = stack;
  const hooks: HookSwitch = { run: () => Promise.resolve() };
  const open = async () => {
    const crypter = await stack.crypter;
    const { snapshot, interrupted } = await finishInterrupted(backend.load(crypter), false);
    await backend.save(snapshot, crypter);
    const journal = backend.journal(crypter);
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
    return {
      snapshot,
      deployment,
      async close() {
        await backend.save(deployment.snapshot(), crypter);
        journal.clear();
      },
    };
  };
  const unlock = backend.lock();
  try {
    const opening = open();
    try {
      return await work(opening, hooks);
    } finally {
      // A state that did not open is left as it is; why it did not is thrown by the work.
      await opening.then(
        (opened) => opened.close(),
        () => undefined,
      );
    }
  } finally {
    unlock();
  }
}

/** The stack's outputs as the last run left them, secrets still marked. */
export async function outputsOf({ backend, crypter }: Stack): Promise<Properties> {
  const isRoot = ({ type }: ResourceState): boolean => type === "pulumi:pulumi:Stack";
  return backend.load(await crypter).resources.find(isRoot)?.outputs ?? {};
}
