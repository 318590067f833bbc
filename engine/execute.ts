/** Carries steps out: calls providers and hooks, and records each step before the next one relies on it. */
import pLimit, { type LimitFunction } from "p-limit";
import {
  type CreateStep,
  changeOf,
  type DeleteStep,
  decideDeletion,
  type RegistrationStep,
  type ReplaceStep,
  type SameStep,
  type UpdateStep,
} from "./decide.ts";
import type { StepRunner } from "./deployment.ts";
import type { Change, Listener } from "./events.ts";
import type { Goal, Registered } from "./goal.ts";
import { messageOf } from "./messages.ts";
import {
  type CreateResult,
  InitError,
  OutcomeUnknownError,
  type ResourceProvider,
  withDefaults,
} from "./providers/resource-provider.ts";
import { findProvider } from "./providers/resource-types.ts";
import { isSameRecord, toState, withSecrets } from "./resource-state.ts";
import type { ResourceTable } from "./resource-table.ts";
import type { ResourceState } from "./state/checkpoint.ts";
import type { Entry } from "./state/journal.ts";
import { isProviderType, type Urn } from "./urn.ts";
import { type Properties, reveal } from "./values.ts";

/** Runs the program's hooks with these names, in order; throws what they throw. */
export type RunHooks = (
  names: readonly string[],
  step: {
    readonly urn: Urn;
    readonly id: string;
    readonly inputs: Properties;
    readonly outputs: Properties;
  },
) => Promise<void>;

export interface ExecutionOptions {
  /** Concurrent calls to providers. */
  readonly parallel: number;
  /** Makes a step durable. */
  readonly record: (entry: Entry) => void;
  readonly listen: Listener;
  readonly runHooks: RunHooks;
  /** What an interrupted run was changing. */
  readonly interrupted: ReadonlySet<Urn>;
  readonly signal?: AbortSignal | undefined;
}

/** A step that calls a provider. */
type Provided<Step> = Step & { readonly provider: ResourceProvider };

export class ExecutionRunner implements StepRunner {
  readonly findProvider = findProvider;
  readonly #table: ResourceTable;
  readonly #options: ExecutionOptions;
  readonly #limit: LimitFunction;

  constructor(table: ResourceTable, options: ExecutionOptions) {
    this.#table = table;
    this.#options = options;
    this.#limit = pLimit(options.parallel);
  }

  record(entry: Entry): void {
    this.#options.record(entry);
  }

  async register(step: RegistrationStep): Promise<Registered> {
    switch (step.kind) {
      case "same":
        return this.#keepSame(step);
      case "create":
        return hasProvider(step) ? this.#create(step) : this.#recordComponent(step, undefined);
      case "update":
        return hasProvider(step) ? this.#update(step) : this.#recordComponent(step, step.old);
      case "replace":
        return this.#replace(step);
    }
  }

  async delete(step: DeleteStep): Promise<void> {
    const end = this.#begin(changeOf(step));
    await this.#delete(step);
    end();
  }

  #keepSame({ goal, old }: SameStep): Registered {
    const state = toState(goal, old, old.id, old.outputs ?? {});
    this.#table.register(state);
    if (!isSameRecord(old, state)) this.record({ op: "set", state, ...renamed(goal, old) });
    if (!goal.custom) return { result: "success", id: "", outputs: {} };
    return { result: "success", id: state.id ?? "", outputs: state.outputs ?? {} };
  }

  #recordComponent(step: CreateStep | UpdateStep, old: ResourceState | undefined): Registered {
    const state = toState(step.goal, old, undefined, old?.outputs ?? {});
    this.#table.register(state);
    this.record({ op: "set", state, ...renamed(step.goal, old) });
    this.#begin(changeOf(step))();
    return { result: "success", id: "", outputs: {} };
  }

  async #create(step: Provided<CreateStep | ReplaceStep>): Promise<Registered> {
    const { goal, provider } = step;
    const end = this.#begin(changeOf(step));
    const pending = { type: "creating", resource: toState(goal, undefined, undefined, {}) } as const;
    this.record({ op: "begin", pending });
    let created: CreateResult;
    try {
      created = await this.#limit(() => this.#callCreate(goal, provider));
    } catch (error) {
      if (error instanceof InitError) this.#recordCreated(step, error.result, [error.message]);
      else if (error instanceof OutcomeUnknownError) this.#table.addPendingOperation(pending);
      else {
        this.#table.removePendingOperation(goal.urn);
        this.record({ op: "abort", urn: goal.urn });
      }
      throw error;
    }
    try {
      await this.#runHooks("afterCreate", goal, created);
    } catch (error) {
      this.#recordCreated(step, created, [messageOf(error)]);
      throw error;
    }
    const { outputs = {} } = this.#recordCreated(step, created, []);
    end();
    return { result: "success", id: created.id, outputs };
  }

  async #callCreate(goal: Goal, provider: ResourceProvider): Promise<CreateResult> {
    const inputs = reveal(withDefaults(provider, goal.inputs));
    const configuration = this.#table.configurationOf(goal.provider);
    try {
      return await provider.create(inputs, configuration);
    } catch (error) {
      const isLeftover = this.#options.interrupted.has(goal.urn) && !(error instanceof InitError);
      if (!isLeftover || provider.cleanUp === undefined) throw error;
      // The run that was killed may have left a request behind that the daemon completed only after the recovery.
      await provider.cleanUp(inputs, configuration);
      return provider.create(inputs, configuration);
    }
  }

  #recordCreated(
    step: Provided<CreateStep | ReplaceStep>,
    { id, outputs }: CreateResult,
    initErrors: readonly string[],
  ): ResourceState {
    const { goal, provider } = step;
    const state = {
      ...toState(goal, undefined, id, withSecrets(goal, provider, outputs)),
      ...(initErrors.length === 0 ? {} : { initErrors }),
    };
    const old = step.kind === "replace" && step.dependents === undefined ? step.old : undefined;
    const pendingDelete = old && { ...old, delete: true };
    this.#table.register(state, pendingDelete);
    this.record({ op: "set", state, pendingDelete, ...renamed(goal, old) });
    return state;
  }

  async #update(step: Provided<UpdateStep>): Promise<Registered> {
    const { goal, provider, old } = step;
    const end = this.#begin(changeOf(step));
    if (!isProviderType(goal.type)) {
      this.record({ op: "begin", pending: { type: "updating", resource: old } });
    }
    try {
      const updated = await this.#limit(() => this.#callUpdate(goal, provider, old));
      const id = old.id ?? "";
      const outputs = withSecrets(goal, provider, updated);
      const state = { ...toState(goal, old, id, outputs), modified: new Date().toISOString() };
      await this.#runHooks("afterUpdate", goal, { id, outputs });
      this.#table.register(state);
      this.record({ op: "set", state, ...renamed(goal, old) });
      end();
      return { result: "success", id, outputs };
    } catch (error) {
      this.record({ op: "abort", urn: old.urn });
      throw error;
    }
  }

  async #callUpdate(goal: Goal, provider: ResourceProvider, old: ResourceState): Promise<Properties> {
    const inputs = reveal(withDefaults(provider, goal.inputs));
    if (provider.update === undefined) return inputs;
    const existing = { id: old.id ?? "", outputs: reveal(old.outputs ?? {}), inputs };
    return provider.update(existing, this.#table.configurationOf(goal.provider));
  }

  async #replace(step: ReplaceStep): Promise<Registered> {
    if (step.dependents === undefined) return this.#create(step);
    const remaining = [...step.dependents];
    try {
      for (const dependent of step.dependents) {
        await this.#deleteForReplacement(dependent);
        remaining.shift();
      }
      await this.#deleteForReplacement(step.old);
    } catch (error) {
      this.#table.restore(remaining);
      throw error;
    }
    this.#table.markDeletedBeforeReplace(step.goal.urn);
    return this.#create(step);
  }

  async #deleteForReplacement(state: ResourceState): Promise<void> {
    const step = decideDeletion(state, new Set(), {
      table: this.#table,
      findProvider: this.findProvider,
      interrupted: this.#options.interrupted,
      isCancelled: this.#options.signal?.aborted === true,
    });
    if (step.kind === "failed") throw new Error(step.message);
    await this.#delete(step);
  }

  async #delete({ state, provider }: DeleteStep): Promise<void> {
    if (provider?.delete !== undefined) {
      if (state.delete !== true) this.record({ op: "begin", pending: { type: "deleting", resource: state } });
      const existing = { id: state.id ?? "", outputs: reveal(state.outputs ?? {}) };
      const configuration = this.#table.configurationOf(state.provider);
      await this.#limit(async () => provider.delete?.(existing, configuration));
    }
    this.record({ op: "remove", urn: state.urn, id: state.delete === true ? state.id : undefined });
    this.#table.remove(state);
  }

  #runHooks(
    point: "afterCreate" | "afterUpdate",
    { urn, inputs, hooks }: Goal,
    result: CreateResult,
  ): Promise<void> {
    return this.#options.runHooks(hooks[point] ?? [], { urn, inputs, ...result });
  }

  /** Reports the begin of a step; the returned function reports its end. */
  #begin(change: Change | undefined): () => void {
    if (change === undefined) return () => {};
    const { listen } = this.#options;
    listen({ kind: "begin", change });
    const start = performance.now();
    return () => listen({ kind: "end", change, ms: performance.now() - start });
  }
}

const hasProvider = <Step extends CreateStep | UpdateStep>(step: Step): step is Provided<Step> =>
  step.provider !== undefined;

/** For the journal: the former URN of a resource that was found under an alias. */
const renamed = ({ urn }: Goal, old: ResourceState | undefined): { formerUrn?: Urn } =>
  old === undefined || old.urn === urn ? {} : { formerUrn: old.urn };
