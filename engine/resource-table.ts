/** The resources of a stack during a run: as they were, as they are registered, and what is still to be deleted. */
import type { Goal } from "./goal.ts";
import type { PendingOperation, ResourceState, Snapshot } from "./state/checkpoint.ts";
import { inOrder, needs } from "./state/graph.ts";
import { type ProviderReference, providerUrn, type Urn } from "./urn.ts";
import { equal, type Properties, reveal, UNKNOWN } from "./values.ts";

/** What a decision may know about the other resources. */
export interface TableView {
  /** It failed, or was skipped because of one that failed. */
  isUnavailable(urn: Urn): boolean;
  isReplaced(urn: Urn): boolean;
  /** It was deleted because something that it depends on is being replaced. */
  isDeletedBeforeReplace(urn: Urn): boolean;
  /** Resources of the state that the program has not registered so far. */
  unmatched(): ResourceState[];
}

export class ResourceTable implements TableView {
  /** The state as it was, less what has been matched, replaced or deleted. */
  readonly #unmatched = new Map<Urn, ResourceState>();
  readonly #registered = new Map<Urn, ResourceState>();
  /** Replaced resources that are still to be deleted. */
  readonly #pendingDeletes: ResourceState[] = [];
  readonly #deletedBeforeReplace = new Set<Urn>();
  readonly #replaced = new Set<Urn>();
  readonly #unavailable = new Set<Urn>();
  /** Operations whose outcome is unknown; the next run recovers them. */
  readonly #pendingOperations: Map<Urn, PendingOperation>;

  constructor({ resources, pending }: Snapshot) {
    this.#pendingOperations = new Map(pending.map((operation) => [operation.resource.urn, operation]));
    for (const state of resources) {
      if (state.delete === true) this.#pendingDeletes.push(state);
      else this.#unmatched.set(state.urn, state);
    }
  }

  isUnavailable(urn: Urn): boolean {
    return this.#unavailable.has(urn);
  }

  isReplaced(urn: Urn): boolean {
    return this.#replaced.has(urn);
  }

  isDeletedBeforeReplace(urn: Urn): boolean {
    return this.#deletedBeforeReplace.has(urn);
  }

  unmatched(): ResourceState[] {
    return [...this.#unmatched.values()];
  }

  isRegistered(urn: Urn): boolean {
    return this.#registered.has(urn);
  }

  /** The state at this moment. */
  snapshot(): Snapshot {
    return {
      resources: inOrder([
        ...this.#registered.values(),
        ...this.#unmatched.values(),
        ...this.#pendingDeletes,
      ]),
      pending: [...this.#pendingOperations.values()],
    };
  }

  /** Takes the state of the resource out of the unmatched ones, under its URN or a former one. */
  matchAlias({ urn, aliases }: Goal): ResourceState | undefined {
    for (const each of [urn, ...aliases]) {
      const state = this.#unmatched.get(each);
      if (state === undefined) continue;
      this.#unmatched.delete(each);
      return state;
    }
    return undefined;
  }

  /** @param pendingDelete the predecessor, if it was replaced and still exists */
  register(state: ResourceState, pendingDelete?: ResourceState): void {
    this.#registered.set(state.urn, state);
    this.#pendingOperations.delete(state.urn);
    if (pendingDelete !== undefined) this.#pendingDeletes.push(pendingDelete);
  }

  /** A resource that failed or was skipped stays in the state: as what was created of it, or as it was. */
  keep(urn: Urn, old: ResourceState | undefined): ResourceState | undefined {
    this.#unavailable.add(urn);
    const kept = this.#registered.get(urn) ?? (this.#deletedBeforeReplace.has(urn) ? undefined : old);
    if (kept !== undefined) this.#registered.set(urn, kept);
    return kept;
  }

  markUnavailable(urn: Urn): void {
    this.#unavailable.add(urn);
  }

  /** @returns the new state, if the outputs differ */
  setOutputs(urn: Urn, outputs: Properties): ResourceState | undefined {
    const state = this.#registered.get(urn);
    if (state === undefined || this.#unavailable.has(urn)) return undefined;
    const before = state.outputs ?? {};
    // An output that a failed step would have provided keeps its last value.
    const known = Object.fromEntries(
      Object.entries(outputs).map(([key, value]) => [key, value === UNKNOWN ? (before[key] ?? null) : value]),
    );
    if (equal(before, known)) return undefined;
    const next = { ...state, outputs: known };
    this.#registered.set(urn, next);
    return next;
  }

  /** @param dependents are deleted before it, and recreated when the program registers them */
  markReplaced(urn: Urn, dependents: readonly ResourceState[]): void {
    this.#replaced.add(urn);
    for (const dependent of dependents) {
      this.#unmatched.delete(dependent.urn);
      this.#deletedBeforeReplace.add(dependent.urn);
      this.#replaced.add(dependent.urn);
    }
  }

  /** Puts back what a replacement that failed did not get to delete. */
  restore(dependents: readonly ResourceState[]): void {
    for (const dependent of dependents) {
      this.#unmatched.set(dependent.urn, dependent);
      this.#deletedBeforeReplace.delete(dependent.urn);
      this.#replaced.delete(dependent.urn);
    }
  }

  markDeletedBeforeReplace(urn: Urn): void {
    this.#deletedBeforeReplace.add(urn);
  }

  addPendingOperation(operation: PendingOperation): void {
    this.#pendingOperations.set(operation.resource.urn, operation);
  }

  removePendingOperation(urn: Urn): void {
    this.#pendingOperations.delete(urn);
  }

  remove(state: ResourceState): void {
    const index = this.#pendingDeletes.indexOf(state);
    if (index >= 0) this.#pendingDeletes.splice(index, 1);
    else if (this.#unmatched.get(state.urn) === state) this.#unmatched.delete(state.urn);
  }

  /** What the program no longer registers, without what a failed resource still needs. */
  prunable(): ResourceState[] {
    const needed = new Set(
      [...this.#registered].flatMap(([urn, state]) => (this.#unavailable.has(urn) ? needs(state) : [])),
    );
    return [...[...this.#unmatched.values()].filter(({ urn }) => !needed.has(urn)), ...this.#pendingDeletes];
  }

  /** The inputs of the provider resource, revealed. */
  configurationOf(reference: ProviderReference | undefined): Properties {
    if (reference === undefined) return {};
    const urn = providerUrn(reference);
    const state = this.#registered.get(urn) ?? this.#unmatched.get(urn);
    return reveal(state?.inputs ?? {});
  }
}
