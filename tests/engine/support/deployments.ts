import { Deployment } from "../../../engine/deployment.ts";
import type { Event } from "../../../engine/events.ts";
import { ExecutionRunner, type RunHooks } from "../../../engine/execute.ts";
import type { Goal } from "../../../engine/goal.ts";
import { PreviewRunner } from "../../../engine/preview.ts";
import { ResourceTable } from "../../../engine/resource-table.ts";
import type { PendingOperation, ResourceState } from "../../../engine/state/checkpoint.ts";
import type { Entry } from "../../../engine/state/journal.ts";
import type { Urn } from "../../../engine/urn.ts";

export interface Run {
  readonly deployment: Deployment;
  readonly runner: ExecutionRunner | PreviewRunner;
  readonly table: ResourceTable;
  readonly entries: Entry[];
  readonly events: Event[];
  /** Aborts the run. */
  readonly abort: () => void;
  /** `op NAME` of every change, in order. */
  readonly changes: () => string[];
  readonly resources: () => readonly ResourceState[];
  readonly pending: () => readonly PendingOperation[];
}

export interface RunSettings {
  readonly dryRun?: boolean;
  readonly runHooks?: RunHooks;
  readonly interrupted?: readonly Urn[];
}

export function start(
  resources: readonly ResourceState[] = [],
  { dryRun = false, runHooks = async () => {}, interrupted = [] }: RunSettings = {},
): Run {
  const entries: Entry[] = [];
  const events: Event[] = [];
  const controller = new AbortController();
  const table = new ResourceTable({ resources, pending: [] });
  const options = {
    parallel: 4,
    record: (entry: Entry) => entries.push(entry),
    listen: (event: Event) => events.push(event),
    runHooks,
    interrupted: new Set(interrupted),
    signal: controller.signal,
  };
  const runner = dryRun ? new PreviewRunner(table) : new ExecutionRunner(table, options);
  const deployment = new Deployment(table, runner, options);
  return {
    deployment,
    runner,
    table,
    entries,
    events,
    abort: () => controller.abort(),
    changes: () =>
      deployment.changes.filter(({ op }) => op !== "same").map(({ op, name }) => `${op} ${name}`),
    resources: () => table.snapshot().resources,
    pending: () => table.snapshot().pending,
  };
}

/** A whole run: every registration, then the rest is pruned. */
export async function run(
  goals: readonly Goal[],
  resources: readonly ResourceState[] = [],
  settings: RunSettings = {},
): Promise<Run> {
  const started = start(resources, settings);
  for (const each of goals) await started.deployment.register(each);
  await started.deployment.finish(true);
  return started;
}

export const stateAfter = async (goals: readonly Goal[]): Promise<readonly ResourceState[]> =>
  (await run(goals)).resources();
