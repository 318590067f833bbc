import type { DeleteStep, RegistrationStep } from "./decide.ts";
import type { StepRunner } from "./deployment.ts";
import type { Registered } from "./goal.ts";
import { findPreviewProvider } from "./providers/resource-types.ts";
import { toState } from "./resource-state.ts";
import type { ResourceTable } from "./resource-table.ts";
import { type Properties, UNKNOWN } from "./values.ts";

/** Assumes that each step succeeds. No provider is called, and a resource to be created has no outputs but its inputs. */
export class PreviewRunner implements StepRunner {
  readonly findProvider = findPreviewProvider;
  readonly #table: ResourceTable;

  constructor(table: ResourceTable) {
    this.#table = table;
  }

  async register(step: RegistrationStep): Promise<Registered> {
    const { goal } = step;
    if (step.kind === "create" || step.kind === "replace") {
      if (step.provider === undefined) return this.#assume(step, undefined, {});
      return this.#assume(step, UNKNOWN, goal.inputs);
    }
    const { id, outputs = {} } = step.old;
    const isChanged = step.kind === "update" && step.provider !== undefined;
    return this.#assume(step, id, isChanged ? { ...outputs, ...goal.inputs } : outputs);
  }

  async delete({ state }: DeleteStep): Promise<void> {
    this.#table.remove(state);
  }

  record(): void {}

  #assume(step: RegistrationStep, id: string | undefined, outputs: Properties): Registered {
    const old = step.kind === "update" || step.kind === "same" ? step.old : undefined;
    this.#table.register(toState(step.goal, old, id, outputs));
    // The ID of a resource that is not created yet is not known to the program either.
    return { result: "success", id: id === undefined || id === UNKNOWN ? "" : id, outputs };
  }
}
