/**
 * A run that takes existing resources over into the state: those that the program registers and the state does not know.
 *
 * To the program it is a preview, because nothing may be changed: what was not found, or differs from what was asked for, is
 * answered as a preview answers what it would create or change. What was found is recorded as it is, so that the next run shows
 * every difference.
 */
import pLimit, { type LimitFunction } from "p-limit";
import { type DecisionContext, decide } from "./decide.ts";
import type { Listener } from "./events.ts";
import type { Goal, Registered } from "./goal.ts";
import { messageOf } from "./messages.ts";
import { type FoundResource, type ResourceProvider, withDefaults } from "./providers/resource-provider.ts";
import { findPreviewProvider, findProvider } from "./providers/resource-types.ts";
import { toState, withSecrets } from "./resource-state.ts";
import type { ResourceState, Snapshot } from "./state/checkpoint.ts";
import { needs } from "./state/graph.ts";
import { isProviderType, isStackType, providerUrn, type Urn } from "./urn.ts";
import { holdsSecret, holdsUnknown, type Properties, reveal, secret, type Value } from "./values.ts";

/** A resource that the state did not know and that was found. */
export interface Adopted {
  readonly urn: Urn;
  readonly type: string;
  readonly name: string;
  readonly id: string;
  /** The inputs that are not what the program asks for. */
  readonly differing: readonly string[];
}

export interface AdoptionResult {
  readonly adopted: readonly Adopted[];
  /** What neither the state knows nor was found. */
  readonly missing: readonly Pick<Adopted, "urn" | "type" | "name">[];
  /** `NAME: MESSAGE` of each resource that could not be looked for. */
  readonly errors: readonly string[];
}

/** What a caller knows about a resource that exists in the state alone. */
export type Recall = (goal: Pick<Goal, "type" | "name">) => Value | undefined;

export interface AdoptionOptions {
  readonly listen: Listener;
  /** Concurrent calls to providers. */
  readonly parallel: number;
  /** The labels that identify an object's owner. */
  readonly identity: readonly string[];
  /** Resources of the state that another object has replaced. */
  readonly gone: ReadonlySet<Urn>;
  readonly recall: Recall;
}

/** Nothing is replaced or skipped in such a run. */
const CONTEXT: DecisionContext = {
  table: {
    isUnavailable: () => false,
    isReplaced: () => false,
    isDeletedBeforeReplace: () => false,
    unmatched: () => [],
  },
  findProvider: findPreviewProvider,
  interrupted: new Set(),
  isCancelled: false,
};

/** An unknown value is what a preview leaves to the update. */
const known = (properties: Properties): Properties =>
  Object.fromEntries(Object.entries(properties).filter(([, value]) => !holdsUnknown(value)));

export class Adoption {
  readonly #before: Snapshot;
  readonly #options: AdoptionOptions;
  readonly #known: ReadonlyMap<Urn, ResourceState>;
  readonly #added = new Map<Urn, ResourceState>();
  /** By URN: outputs of components and of the stack, which are complete only now. */
  readonly #outputs = new Map<Urn, Properties>();
  readonly #adopted: Adopted[] = [];
  readonly #missing: Goal[] = [];
  readonly #errors: string[] = [];

  readonly #limit: LimitFunction;

  constructor(before: Snapshot, options: AdoptionOptions) {
    this.#before = before;
    this.#limit = pLimit(options.parallel);
    this.#options = options;
    this.#known = new Map(
      before.resources.filter((state) => state.delete !== true).map((state) => [state.urn, state]),
    );
  }

  get result(): AdoptionResult {
    const missing = this.#missing.map(({ urn, type, name }) => ({ urn, type, name }));
    return { adopted: this.#adopted, missing, errors: this.#errors };
  }

  async register(goal: Goal): Promise<Registered> {
    const old = [goal.urn, ...goal.aliases].map((urn) => this.#known.get(urn)).find((state) => state);
    if (old !== undefined && !this.#options.gone.has(old.urn)) return this.#keep(goal, old);
    if (!goal.custom) {
      this.#added.set(goal.urn, toState({ ...goal, inputs: known(goal.inputs) }, undefined, undefined, {}));
      return { result: "success", id: "", outputs: {} };
    }
    try {
      const state = await this.#take(goal);
      if (state === undefined && old !== undefined) return this.#keep(goal, old);
      if (state === undefined) this.#missing.push(goal);
      return assumed(goal, state);
    } catch (error) {
      this.#errors.push(`${goal.name}: ${messageOf(error)}`);
      this.#options.listen({ kind: "failed", urn: goal.urn, message: messageOf(error) });
      return assumed(goal, undefined);
    }
  }

  registerOutputs(urn: Urn, outputs: Properties): void {
    this.#outputs.set(urn, outputs);
  }

  /** The state afterwards. What was found is no longer pending, whatever an interrupted run was about to do with it. */
  snapshot(): Snapshot {
    const { resources, pending } = this.#before;
    const isTaken = ({ urn, delete: isDeleted }: ResourceState): boolean =>
      isDeleted !== true && this.#added.has(urn);
    const all = [...resources.filter((state) => !isTaken(state)), ...this.#added.values()];
    const existing = new Set(all.map(({ urn }) => urn));
    return {
      resources: all.map((state) => withoutMissing(this.#withOutputs(state), existing)),
      pending: pending.filter(({ resource }) => !this.#added.has(resource.urn)),
    };
  }

  /** What the state knows stays as it is; the next run changes it. */
  #keep(goal: Goal, old: ResourceState): Registered {
    const { id = "", outputs = {} } = old;
    const { kind } = decide(goal, old, CONTEXT);
    if (kind === "replace") return assumed(goal, undefined);
    const isChanged = kind === "update" && goal.custom;
    return { result: "success", id, outputs: isChanged ? { ...outputs, ...goal.inputs } : outputs };
  }

  async #take(goal: Goal): Promise<ResourceState | undefined> {
    const provider = findProvider(goal.type);
    if (provider === undefined) return undefined;
    if (isProviderType(goal.type)) {
      if (holdsUnknown(goal.inputs)) return undefined;
      const { id, outputs } = await provider.create(reveal(goal.inputs), {});
      return this.#add(goal, { id, outputs: withSecrets(goal, provider, outputs) });
    }
    const configuration = this.#configurationOf(goal);
    const inputs = reveal(withDefaults(provider, goal.inputs));
    const { identity, recall } = this.#options;
    if (configuration === undefined) return undefined;
    const sought = { inputs, identity, value: recall(goal) };
    const found = await this.#limit(async () => provider.find?.(sought, configuration));
    if (found === undefined) return undefined;
    const actual = { ...goal, inputs: actualInputs(goal, provider, found) };
    const { urn, type, name } = goal;
    const differing = [...Object.keys(found.differing), ...(found.initErrors ?? [])].toSorted();
    this.#adopted.push({ urn, type, name, id: found.id, differing });
    return this.#add(actual, {
      id: found.id,
      outputs: withSecrets(actual, provider, found.outputs),
      initErrors: found.initErrors,
    });
  }

  #add(
    goal: Goal,
    found: { id: string; outputs: Properties; initErrors?: readonly string[] | undefined },
  ): ResourceState {
    const state = {
      ...toState(goal, undefined, found.id, found.outputs),
      ...(found.initErrors === undefined ? {} : { initErrors: found.initErrors }),
    };
    this.#added.set(goal.urn, state);
    return state;
  }

  /** Undefined where the provider is not known, or not yet where it reaches its objects. */
  #configurationOf({ provider }: Goal): Properties | undefined {
    if (provider === undefined) return {};
    const urn = providerUrn(provider);
    const state = this.#added.get(urn) ?? this.#known.get(urn);
    return state && reveal(state.inputs ?? {});
  }

  #withOutputs(state: ResourceState): ResourceState {
    const registered = this.#outputs.get(state.urn);
    const isOld = this.#known.has(state.urn);
    if (registered === undefined || state.delete === true || (isOld && !isStackType(state.type)))
      return state;
    return { ...state, outputs: { ...state.outputs, ...known(registered) } };
  }
}

/** As a preview answers it, unless it is there exactly as it was asked for. */
function assumed(goal: Goal, state: ResourceState | undefined): Registered {
  const isAsked = state !== undefined && decide(goal, state, CONTEXT).kind === "same";
  return isAsked
    ? { result: "success", id: state.id ?? "", outputs: state.outputs ?? {} }
    : { result: "success", id: "", outputs: goal.inputs };
}

/** What is secret in the goal stays secret, whatever its value is. */
function actualInputs(
  { inputs }: Goal,
  { sensitiveInputs = [] }: ResourceProvider,
  { differing }: FoundResource,
): Properties {
  const isSecret = (key: string): boolean =>
    holdsSecret(inputs[key]) || (key in differing && sensitiveInputs.includes(key));
  const actual = Object.entries({ ...inputs, ...differing })
    .filter(([, value]) => value !== null)
    .map(([key, value]) => [key, isSecret(key) ? secret(value) : value]);
  return known(Object.fromEntries(actual));
}

/** The Pulumi CLI refuses a state in which a resource needs another that is not there. */
function withoutMissing(state: ResourceState, existing: ReadonlySet<Urn>): ResourceState {
  if (needs(state).every((urn) => existing.has(urn))) return state;
  const exists = (urn: Urn): boolean => existing.has(urn);
  const { dependencies = [], propertyDependencies = {}, deletedWith, replaceWith, ...rest } = state;
  const others = Object.entries(propertyDependencies).map(([key, urns]) => [key, urns.filter(exists)]);
  return {
    ...rest,
    dependencies: dependencies.filter(exists),
    propertyDependencies: Object.fromEntries(others),
    ...(deletedWith !== undefined && exists(deletedWith) ? { deletedWith } : {}),
    ...(replaceWith === undefined ? {} : { replaceWith: replaceWith.filter(exists) }),
  };
}
