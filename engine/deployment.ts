/**
 * One run: compares what the program registers with what the state holds, and makes the difference.
 *
 * A step that fails leaves everything that does not depend on it to go on: one agent that does not start must not keep the
 * others from converging. What depends on it is left as it is.
 */
import { type Diff, diff } from "./diff.ts";
import type { Change, Listener, Operation } from "./events.ts";
import { type Goal, isProvider, nameOf, typeOf } from "./goal.ts";
import {
  HalfMadeError,
  LostError,
  type Made,
  type ResourceKind,
  withDefaults,
} from "./providers/provider.ts";
import { kindOf, refuseUnknownInputs } from "./providers/registry.ts";
import { changedKeys, sameRecord, stateOf } from "./record.ts";
import { Semaphore } from "./semaphore.ts";
import type { PendingOperation, ResourceState, Snapshot } from "./state/checkpoint.ts";
import { dependents, inOrder, needs, providerUrn } from "./state/graph.ts";
import type { Entry } from "./state/journal.ts";
import { equal, holdsSecret, type Properties, reveal, secret, UNKNOWN } from "./values.ts";
import { victimsOf } from "./victims.ts";

/** Runs the program's hooks of that name; throws what they throw. */
export type HookRunner = (
  names: readonly string[],
  step: { urn: string; id: string; inputs: Properties; outputs: Properties },
) => Promise<void>;

export interface DeploymentOptions {
  readonly dryRun: boolean;
  /** Calls to providers at one time. */
  readonly parallel: number;
  /** Makes a step durable before the next one relies on it. */
  readonly record: (entry: Entry) => void;
  readonly listen: Listener;
  readonly runHooks: HookRunner;
  /** What an interrupted run was changing: to be changed again whatever the inputs say. */
  readonly interrupted: ReadonlySet<string>;
}

export interface Registered {
  readonly result: "success" | "failed" | "skipped";
  readonly id: string;
  readonly outputs: Properties;
}

export class Deployment {
  readonly #options: DeploymentOptions;
  readonly #slots: Semaphore;
  /** The state as it was, less what has been taken over, replaced or removed. */
  readonly #old = new Map<string, ResourceState>();
  readonly #new = new Map<string, ResourceState>();
  /** Replaced resources that wait to be deleted. */
  readonly #retired: ResourceState[] = [];
  /** Removed ahead of the replacement of something that they depend on. */
  readonly #removedEarly = new Map<string, ResourceState>();
  readonly #replaced = new Set<string>();
  /** Failed, or left alone because of something that failed. */
  readonly #unavailable = new Set<string>();
  /** Begun, and nobody has said how it ended: left to the next run. */
  readonly #pending: Map<string, PendingOperation>;
  readonly changes: Change[] = [];
  readonly errors: string[] = [];
  #cancelled = false;

  constructor(snapshot: Snapshot, options: DeploymentOptions) {
    this.#options = options;
    this.#slots = new Semaphore(options.parallel);
    this.#pending = new Map(snapshot.pending.map((operation) => [operation.resource.urn, operation]));
    for (const state of snapshot.resources) {
      if (state.delete === true) this.#retired.push(state);
      else this.#old.set(state.urn, state);
    }
  }

  /** The state as it is at this moment. */
  snapshot(): Snapshot {
    return {
      resources: inOrder([...this.#new.values(), ...this.#old.values(), ...this.#retired]),
      pending: [...this.#pending.values()],
    };
  }

  /** No new step begins; those under way are waited for. */
  cancel(): void {
    this.#cancelled = true;
  }

  async register(goal: Goal): Promise<Registered> {
    if (this.#new.has(goal.urn)) throw new Error(`${goal.urn} is registered twice`);
    const missing = this.#blocker(goal);
    const old = this.#takeOver(goal);
    if (missing !== undefined) {
      this.#unavailable.add(goal.urn);
      if (old !== undefined) this.#new.set(goal.urn, old);
      this.#options.listen({ kind: "skipped", urn: goal.urn, because: missing });
      return { result: "skipped", id: old?.id ?? "", outputs: old?.outputs ?? {} };
    }
    try {
      return await (goal.custom ? this.#custom(goal, old) : this.#component(goal, old));
    } catch (error) {
      this.#fail(goal.urn, error);
      const kept = this.#new.get(goal.urn) ?? (this.#removedEarly.has(goal.urn) ? undefined : old);
      if (kept !== undefined) this.#new.set(goal.urn, kept);
      return { result: "failed", id: kept?.id ?? "", outputs: kept?.outputs ?? {} };
    }
  }

  registerOutputs(urn: string, outputs: Properties): void {
    const state = this.#new.get(urn);
    if (state === undefined || this.#unavailable.has(urn)) return;
    // An output that a failed step was to give keeps its last value.
    const known = Object.fromEntries(
      Object.entries(outputs).map(([key, value]) => [
        key,
        value === UNKNOWN ? (state.outputs?.[key] ?? null) : value,
      ]),
    );
    const next = { ...state, outputs: known };
    if (equal(state.outputs ?? {}, known)) return;
    this.#new.set(urn, next);
    if (!this.#options.dryRun) this.#options.record({ op: "set", state: next });
  }

  /** Removes what the program no longer asks for. Not to be called when the program broke off: it may have asked later. */
  async removeRest(): Promise<void> {
    const kept = new Set(
      [...this.#new.values()].filter(({ urn }) => this.#unavailable.has(urn)).flatMap(needs),
    );
    const doomed = [...this.#old.values(), ...this.#retired].filter(
      ({ urn, delete: retired }) => retired === true || !kept.has(urn),
    );
    const waiting = dependents(doomed);
    const running = new Map<ResourceState, Promise<boolean>>();
    const gone = new Set(doomed.map(({ urn }) => urn));
    const remove = (state: ResourceState): Promise<boolean> => {
      const known = running.get(state);
      if (known !== undefined) return known;
      const run = (async () => {
        const users = (waiting.get(state.urn) ?? []).filter((user) => user.urn !== state.urn);
        if ((await Promise.all(users.map(remove))).includes(false)) return false;
        try {
          await this.#remove(state, gone, "delete");
          return true;
        } catch (error) {
          this.#fail(state.urn, error);
          return false;
        }
      })();
      running.set(state, run);
      return run;
    };
    await Promise.all(doomed.toReversed().map(remove));
  }

  #blocker(goal: Goal): string | undefined {
    if (this.#cancelled) return "the run was interrupted";
    const urns = [
      ...(goal.parent === undefined ? [] : [goal.parent]),
      ...(goal.provider === undefined ? [] : [providerUrn(goal.provider)]),
      ...goal.dependencies,
      ...Object.values(goal.propertyDependencies).flat(),
    ];
    return urns.find((urn) => this.#unavailable.has(urn));
  }

  #takeOver({ urn, aliases }: Goal): ResourceState | undefined {
    const known = [urn, ...aliases].find((each) => this.#old.has(each));
    if (known === undefined) return undefined;
    const state = this.#old.get(known) as ResourceState;
    this.#old.delete(known);
    if (known !== urn && !this.#options.dryRun) this.#options.record({ op: "remove", urn: known });
    return state;
  }

  #fail(urn: string, error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    this.#unavailable.add(urn);
    this.errors.push(`${nameOf(urn)}: ${message}`);
    this.#options.listen({ kind: "failed", urn, message });
  }

  #component(goal: Goal, old: ResourceState | undefined): Registered {
    const changed = changedKeys(old?.inputs ?? {}, goal.inputs);
    const op: Operation = old === undefined ? "create" : changed.length > 0 ? "update" : "same";
    const state = stateOf(goal, old, undefined, old?.outputs ?? {});
    this.#accept(op, state, changed, old);
    return { result: "success", id: "", outputs: {} };
  }

  async #custom(goal: Goal, old: ResourceState | undefined): Promise<Registered> {
    const kind = kindOf(goal.type, this.#options.dryRun);
    refuseUnknownInputs(goal, kind);
    const inputs = { ...goal.inputs };
    for (const key of goal.ignoreChanges) if (old?.inputs?.[key] !== undefined) inputs[key] = old.inputs[key];
    const wanted = { ...goal, inputs };
    if (old === undefined)
      return this.#create(wanted, kind, this.#removedEarly.has(goal.urn) ? "replace" : "create", []);

    const difference = diff(old, inputs, kind, goal);
    if (this.#mustReplace(wanted, old, difference)) return this.#replace(wanted, kind, old, difference);
    if (difference.changed.length > 0 || this.#options.interrupted.has(goal.urn)) {
      return this.#update(wanted, kind, old, difference);
    }
    const state = stateOf(wanted, old, old.id, old.outputs ?? {});
    this.#accept("same", state, [], old);
    return { result: "success", id: state.id ?? "", outputs: state.outputs ?? {} };
  }

  #mustReplace(goal: Goal, old: ResourceState, { replacing }: Diff): boolean {
    const moved =
      old.provider !== undefined &&
      goal.provider !== undefined &&
      providerUrn(old.provider) !== providerUrn(goal.provider);
    return replacing.length > 0 || moved || goal.replaceWith.some((urn) => this.#replaced.has(urn));
  }

  async #create(
    goal: Goal,
    kind: ResourceKind,
    op: Operation,
    changed: readonly string[],
    old?: ResourceState,
  ): Promise<Registered> {
    const change = this.#change(op, goal.urn, changed);
    if (this.#options.dryRun) {
      this.#new.set(goal.urn, stateOf(goal, undefined, UNKNOWN, goal.inputs));
      return { result: "success", id: "", outputs: goal.inputs };
    }
    const started = this.#begin(change);
    const { listen, record } = this.#options;
    const pending = { type: "creating", resource: stateOf(goal, undefined, undefined, {}) } as const;
    record({ op: "begin", pending });
    const retired = old === undefined ? undefined : { ...old, delete: true };
    const keep = (made: Made, initErrors: readonly string[]): ResourceState => {
      const state = {
        ...stateOf(goal, undefined, made.id, this.#markSecrets(goal, kind, made.outputs)),
        ...(initErrors.length === 0 ? {} : { initErrors }),
      };
      this.#new.set(goal.urn, state);
      this.#pending.delete(goal.urn);
      if (retired !== undefined) this.#retired.push(retired);
      record({ op: "set", state, retired });
      return state;
    };
    let made: Made;
    try {
      made = await this.#slots.run(() => this.#make(goal, kind));
    } catch (error) {
      if (error instanceof HalfMadeError) keep(error.made, [error.message]);
      else if (error instanceof LostError) this.#pending.set(goal.urn, pending);
      else {
        this.#pending.delete(goal.urn);
        record({ op: "abort", urn: goal.urn });
      }
      throw error;
    }
    try {
      const { id, outputs } = made;
      await this.#options.runHooks(goal.hooks["afterCreate"] ?? [], {
        urn: goal.urn,
        id,
        inputs: goal.inputs,
        outputs,
      });
    } catch (error) {
      keep(made, [(error as Error).message]);
      throw error;
    }
    const state = keep(made, []);
    listen({ kind: "end", change, ms: performance.now() - started });
    return { result: "success", id: made.id, outputs: state.outputs ?? {} };
  }

  async #make(goal: Goal, kind: ResourceKind): Promise<Made> {
    const inputs = reveal(withDefaults(kind, goal.inputs));
    const provider = this.#providerInputs(goal.provider);
    try {
      return await kind.create(inputs, provider);
    } catch (error) {
      // The run that was killed may have left a request behind that Docker finished after we had looked.
      if (
        !this.#options.interrupted.has(goal.urn) ||
        kind.discard === undefined ||
        error instanceof HalfMadeError
      )
        throw error;
      await kind.discard(inputs, provider);
      return kind.create(inputs, provider);
    }
  }

  async #update(goal: Goal, kind: ResourceKind, old: ResourceState, { changed }: Diff): Promise<Registered> {
    const change = this.#change("update", goal.urn, changed);
    const id = old.id ?? "";
    if (this.#options.dryRun) {
      const outputs = { ...old.outputs, ...goal.inputs };
      this.#new.set(goal.urn, stateOf(goal, old, id, outputs));
      return { result: "success", id, outputs };
    }
    const started = this.#begin(change);
    const { record, listen } = this.#options;
    if (!isProvider(goal.type)) record({ op: "begin", pending: { type: "updating", resource: old } });
    try {
      const inputs = reveal(withDefaults(kind, goal.inputs));
      const plain = await this.#slots.run(
        async () =>
          (await kind.update?.(id, reveal(old.outputs ?? {}), inputs, this.#providerInputs(goal.provider))) ??
          inputs,
      );
      const outputs = this.#markSecrets(goal, kind, plain);
      const state = { ...stateOf(goal, old, id, outputs), modified: new Date().toISOString() };
      await this.#options.runHooks(goal.hooks["afterUpdate"] ?? [], {
        urn: goal.urn,
        id,
        inputs: goal.inputs,
        outputs,
      });
      this.#new.set(goal.urn, state);
      record({ op: "set", state });
      listen({ kind: "end", change, ms: performance.now() - started });
      return { result: "success", id, outputs };
    } catch (error) {
      record({ op: "abort", urn: goal.urn });
      throw error;
    }
  }

  async #replace(goal: Goal, kind: ResourceKind, old: ResourceState, difference: Diff): Promise<Registered> {
    if (old.protect === true)
      throw new Error("it is protected and would be replaced; remove `protect` first if that is meant");
    this.#replaced.add(goal.urn);
    if (!goal.deleteBeforeReplace) return this.#create(goal, kind, "replace", difference.changed, old);
    for (const victim of victimsOf(old, [...this.#old.values()])) {
      this.#old.delete(victim.urn);
      this.#removedEarly.set(victim.urn, victim);
      this.#replaced.add(victim.urn);
      await this.#remove(victim, new Set(), undefined);
    }
    await this.#remove(old, new Set(), undefined);
    this.#removedEarly.set(old.urn, old);
    return this.#create(goal, kind, "replace", difference.changed);
  }

  async #remove(state: ResourceState, gone: ReadonlySet<string>, op: Operation | undefined): Promise<void> {
    if (state.protect === true)
      throw new Error("it is protected and would be deleted; remove `protect` first if that is meant");
    const retained = state.retainOnDelete === true && state.custom;
    const change =
      op === undefined || state.delete === true ? undefined : this.#change(op, state.urn, [], retained);
    const drop = (): void => {
      this.#old.delete(state.urn);
      const index = this.#retired.indexOf(state);
      if (index >= 0) this.#retired.splice(index, 1);
    };
    if (this.#options.dryRun) return drop();
    if (this.#cancelled) throw new Error("the run was interrupted");
    const kind = state.custom && !isProvider(state.type) ? kindOf(state.type, false) : undefined;
    const isAlone = state.deletedWith === undefined || !gone.has(state.deletedWith);
    const started = change === undefined ? performance.now() : this.#begin(change);
    if (kind?.delete !== undefined && !retained && isAlone && state.external !== true) {
      const { record } = this.#options;
      if (state.delete !== true) record({ op: "begin", pending: { type: "deleting", resource: state } });
      await this.#slots.run(async () =>
        kind.delete?.(state.id ?? "", reveal(state.outputs ?? {}), this.#providerInputs(state.provider)),
      );
    }
    this.#options.record({ op: "remove", urn: state.urn, id: state.delete === true ? state.id : undefined });
    drop();
    if (change !== undefined) this.#options.listen({ kind: "end", change, ms: performance.now() - started });
  }

  #change(op: Operation, urn: string, changed: readonly string[], retained = false): Change {
    const change = {
      op,
      urn,
      type: typeOf(urn),
      name: nameOf(urn),
      changed,
      ...(retained ? { retained } : {}),
    };
    this.changes.push(change);
    return change;
  }

  #begin(change: Change): number {
    this.#options.listen({ kind: "begin", change });
    return performance.now();
  }

  /** A step without a call to a provider. */
  #accept(
    op: Operation,
    state: ResourceState,
    changed: readonly string[],
    old: ResourceState | undefined,
  ): void {
    const change = this.#change(op, state.urn, changed);
    this.#new.set(state.urn, state);
    if (this.#options.dryRun) return;
    const isNew = op !== "same" || !sameRecord(old, state);
    if (isNew) this.#options.record({ op: "set", state });
    if (op !== "same") {
      const started = this.#begin(change);
      this.#options.listen({ kind: "end", change, ms: performance.now() - started });
    }
  }

  #providerInputs(reference: string | undefined): Properties {
    if (reference === undefined) return {};
    const urn = providerUrn(reference);
    const state = this.#new.get(urn) ?? this.#old.get(urn);
    return reveal(state?.inputs ?? {});
  }

  #markSecrets(goal: Goal, kind: ResourceKind, outputs: Properties): Properties {
    const always = [...goal.additionalSecretOutputs, ...(kind.secretOutputs ?? [])];
    return Object.fromEntries(
      Object.entries(outputs).map(([key, value]) => [
        key,
        value !== null && (always.includes(key) || holdsSecret(goal.inputs[key])) ? secret(value) : value,
      ]),
    );
  }
}
