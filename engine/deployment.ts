/**
 * One run: decides what each registration requires, and has it previewed or executed.
 *
 * A step that fails does not stop what is independent of it: one resource that does not come up must not keep the others from
 * converging. What depends on it stays as it is.
 */
import {
  changeOf,
  type DecisionContext,
  type DeleteStep,
  decide,
  decideDeletion,
  type RegistrationStep,
  type Step,
} from "./decide.ts";
import type { Change, Listener } from "./events.ts";
import type { Goal, Registered } from "./goal.ts";
import { messageOf } from "./messages.ts";
import type { FindProvider } from "./providers/resource-types.ts";
import { pruneInOrder } from "./prune.ts";
import type { ResourceTable } from "./resource-table.ts";
import type { ResourceState } from "./state/checkpoint.ts";
import type { Entry } from "./state/journal.ts";
import { nameOf, type Urn } from "./urn.ts";
import type { Properties } from "./values.ts";

/** What is done about a step: an update carries it out, a preview assumes its result. */
export interface StepRunner {
  readonly findProvider: FindProvider;
  register(step: RegistrationStep): Promise<Registered>;
  delete(step: DeleteStep): Promise<void>;
  record(entry: Entry): void;
}

export interface DeploymentOptions {
  readonly listen: Listener;
  /** What an interrupted run was changing. */
  readonly interrupted: ReadonlySet<Urn>;
  /** Aborted, no new step begins; the caller still waits for those in progress. */
  readonly signal?: AbortSignal | undefined;
}

export class Deployment {
  readonly table: ResourceTable;
  readonly #runner: StepRunner;
  readonly #options: DeploymentOptions;
  readonly steps: Step[] = [];
  readonly errors: string[] = [];

  constructor(table: ResourceTable, runner: StepRunner, options: DeploymentOptions) {
    this.table = table;
    this.#runner = runner;
    this.#options = options;
  }

  get changes(): Change[] {
    return this.steps.map(changeOf).filter((change) => change !== undefined);
  }

  async register(goal: Goal): Promise<Registered> {
    const { urn } = goal;
    if (this.table.isRegistered(urn)) throw new Error(`${urn} is registered twice`);
    const old = this.table.matchAlias(goal);
    const step = decide(goal, old, this.#context());
    this.steps.push(step);
    if (step.kind === "skipped") {
      this.#options.listen({ kind: "skipped", urn, because: step.because });
      return this.#unchanged("skipped", urn, old);
    }
    if (step.kind === "failed") {
      this.#fail(urn, step.message);
      return this.#unchanged("failed", urn, old);
    }
    try {
      if (step.kind === "replace") this.table.markReplaced(urn, step.dependents ?? []);
      return await this.#runner.register(step);
    } catch (error) {
      this.#fail(urn, messageOf(error));
      return this.#unchanged("failed", urn, old);
    }
  }

  registerOutputs(urn: Urn, outputs: Properties): void {
    const state = this.table.setOutputs(urn, outputs);
    if (state !== undefined) this.#runner.record({ op: "set", state });
  }

  /**
   * Deletes what the program did not register. A program that failed may not have registered everything, so nothing is deleted
   * then.
   */
  async finish(programSucceeded: boolean): Promise<void> {
    if (!programSucceeded) return;
    const doomed = this.table.prunable();
    const deleted = new Set(doomed.map(({ urn }) => urn));
    await pruneInOrder(doomed, (state) => this.#delete(state, deleted));
  }

  async #delete(state: ResourceState, deleted: ReadonlySet<Urn>): Promise<boolean> {
    const step = decideDeletion(state, deleted, this.#context());
    this.steps.push(step);
    try {
      if (step.kind === "failed") throw new Error(step.message);
      await this.#runner.delete(step);
      return true;
    } catch (error) {
      this.#fail(state.urn, messageOf(error));
      return false;
    }
  }

  #context(): DecisionContext {
    return {
      table: this.table,
      findProvider: this.#runner.findProvider,
      interrupted: this.#options.interrupted,
      isCancelled: this.#options.signal?.aborted === true,
    };
  }

  #fail(urn: Urn, message: string): void {
    this.table.markUnavailable(urn);
    this.errors.push(`${nameOf(urn)}: ${message}`);
    this.#options.listen({ kind: "failed", urn, message });
  }

  #unchanged(result: "failed" | "skipped", urn: Urn, old: ResourceState | undefined): Registered {
    const kept = this.table.keep(urn, old);
    return { result, id: kept?.id ?? "", outputs: kept?.outputs ?? {} };
  }
}
