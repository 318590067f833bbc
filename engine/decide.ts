/**
 * What a registration, or its absence, requires.
 *
 * A decision calls no provider and changes nothing: a preview is the list of these steps, and an update executes the same list.
 */
import { dependentReplacements } from "./dependent-replacements.ts";
import { diff } from "./diff.ts";
import type { Change } from "./events.ts";
import type { Goal } from "./goal.ts";
import type { ResourceProvider } from "./providers/resource-provider.ts";
import { type FindProvider, unsupportedOptions, unsupportedType } from "./providers/resource-types.ts";
import { changedKeys } from "./resource-state.ts";
import type { TableView } from "./resource-table.ts";
import type { ResourceState } from "./state/checkpoint.ts";
import { isProviderType, nameOf, providerUrn, typeOf, type Urn } from "./urn.ts";

interface ActiveStep {
  readonly goal: Goal;
  /** Undefined for a component, which exists in the state alone. */
  readonly provider: ResourceProvider | undefined;
}

export interface CreateStep extends ActiveStep {
  readonly kind: "create";
  /** The predecessor was deleted when something that it depends on was replaced. */
  readonly isReplacement: boolean;
}

export interface UpdateStep extends ActiveStep {
  readonly kind: "update";
  readonly old: ResourceState;
  readonly changed: readonly string[];
}

export interface ReplaceStep extends ActiveStep {
  readonly kind: "replace";
  readonly provider: ResourceProvider;
  readonly old: ResourceState;
  readonly changed: readonly string[];
  /** To be deleted first, in this order, and then the resource itself; otherwise it is deleted after its successor is created. */
  readonly dependents: readonly ResourceState[] | undefined;
}

export interface SameStep {
  readonly kind: "same";
  readonly goal: Goal;
  readonly old: ResourceState;
}

export interface DeleteStep {
  readonly kind: "delete";
  readonly state: ResourceState;
  /** Undefined if the resource only leaves the state. */
  readonly provider: ResourceProvider | undefined;
}

export interface SkippedStep {
  readonly kind: "skipped";
  readonly urn: Urn;
  /** The URN of a resource that is not available, or a reason in words. */
  readonly because: string;
}

export interface FailedStep {
  readonly kind: "failed";
  readonly urn: Urn;
  readonly message: string;
}

export type RegistrationStep = CreateStep | UpdateStep | ReplaceStep | SameStep;
export type Step = RegistrationStep | DeleteStep | SkippedStep | FailedStep;

export interface DecisionContext {
  readonly table: TableView;
  readonly findProvider: FindProvider;
  /** What an interrupted run was changing: it is changed again, whatever its inputs are. */
  readonly interrupted: ReadonlySet<Urn>;
  readonly isCancelled: boolean;
}

export const INTERRUPTED = "the run was interrupted";

/** @param old the state of the resource, under its URN or a former one */
export function decide(
  goal: Goal,
  old: ResourceState | undefined,
  context: DecisionContext,
): RegistrationStep | SkippedStep | FailedStep {
  const because = context.isCancelled ? INTERRUPTED : unavailableDependency(goal, context.table);
  if (because !== undefined) return { kind: "skipped", urn: goal.urn, because };
  return goal.custom ? decideCustom(goal, old, context) : decideComponent(goal, old);
}

function unavailableDependency(
  { parent, provider, dependencies, propertyDependencies }: Goal,
  table: TableView,
): Urn | undefined {
  const urns = [
    ...(parent === undefined ? [] : [parent]),
    ...(provider === undefined ? [] : [providerUrn(provider)]),
    ...dependencies,
    ...Object.values(propertyDependencies).flat(),
  ];
  return urns.find((urn) => table.isUnavailable(urn));
}

function decideComponent(goal: Goal, old: ResourceState | undefined): RegistrationStep {
  if (old === undefined) return { kind: "create", goal, provider: undefined, isReplacement: false };
  const changed = changedKeys(old.inputs ?? {}, goal.inputs);
  if (changed.length === 0) return { kind: "same", goal, old };
  return { kind: "update", goal, provider: undefined, old, changed };
}

function decideCustom(
  registered: Goal,
  old: ResourceState | undefined,
  context: DecisionContext,
): RegistrationStep | FailedStep {
  const { urn, type } = registered;
  const provider = context.findProvider(type);
  if (provider === undefined) return { kind: "failed", urn, message: unsupportedType(type) };
  const unsupported = unsupportedOptions(registered, provider);
  if (unsupported !== undefined) return { kind: "failed", urn, message: unsupported };
  const goal = withIgnoredChanges(registered, old);
  if (old === undefined) {
    return { kind: "create", goal, provider, isReplacement: context.table.isDeletedBeforeReplace(urn) };
  }
  const { changed, replacing } = diff(old, goal.inputs, provider, goal);
  if (replacing.length > 0 || hasOtherProvider(goal, old) || isReplacedWithAnother(goal, context.table)) {
    return decideReplacement(goal, provider, old, changed, context.table);
  }
  if (changed.length > 0 || context.interrupted.has(urn)) {
    return { kind: "update", goal, provider, old, changed };
  }
  return { kind: "same", goal, old };
}

/** Inputs whose changes are ignored stay what they are. */
function withIgnoredChanges(goal: Goal, old: ResourceState | undefined): Goal {
  const before = old?.inputs ?? {};
  const ignored = goal.ignoreChanges.filter((key) => before[key] !== undefined);
  if (ignored.length === 0) return goal;
  const inputs = { ...goal.inputs };
  for (const key of ignored) inputs[key] = before[key] ?? null;
  return { ...goal, inputs };
}

const hasOtherProvider = (goal: Goal, old: ResourceState): boolean =>
  old.provider !== undefined &&
  goal.provider !== undefined &&
  providerUrn(old.provider) !== providerUrn(goal.provider);

const isReplacedWithAnother = ({ replaceWith }: Goal, table: TableView): boolean =>
  replaceWith.some((urn) => table.isReplaced(urn));

function decideReplacement(
  goal: Goal,
  provider: ResourceProvider,
  old: ResourceState,
  changed: readonly string[],
  table: TableView,
): ReplaceStep | FailedStep {
  const { urn } = goal;
  if (old.protect === true) {
    const message = "it is protected and would be replaced; remove `protect` first if that is intended";
    return { kind: "failed", urn, message };
  }
  if (!goal.deleteBeforeReplace)
    return { kind: "replace", goal, provider, old, changed, dependents: undefined };
  const dependents = dependentReplacements(old, table.unmatched());
  const blocking = dependents.find(({ protect }) => protect === true);
  if (blocking !== undefined) {
    const message = `its replacement would replace ${nameOf(blocking.urn)}, which is protected; remove \`protect\` first if that is intended`;
    return { kind: "failed", urn, message };
  }
  return { kind: "replace", goal, provider, old, changed, dependents };
}

/** @param deleted every resource that is deleted in the same run */
export function decideDeletion(
  state: ResourceState,
  deleted: ReadonlySet<Urn>,
  { findProvider, isCancelled }: DecisionContext,
): DeleteStep | FailedStep {
  const { urn, type } = state;
  if (state.protect === true) {
    const message = "it is protected and would be deleted; remove `protect` first if that is intended";
    return { kind: "failed", urn, message };
  }
  if (isCancelled) return { kind: "failed", urn, message: INTERRUPTED };
  if (!state.custom || isProviderType(type)) return { kind: "delete", state, provider: undefined };
  const provider = findProvider(type);
  if (provider === undefined) return { kind: "failed", urn, message: unsupportedType(type) };
  const goesWithAnother = state.deletedWith !== undefined && deleted.has(state.deletedWith);
  const onlyLeavesState = isRetained(state) || goesWithAnother || state.external === true;
  return { kind: "delete", state, provider: onlyLeavesState ? undefined : provider };
}

const isRetained = (state: ResourceState): boolean => state.retainOnDelete === true && state.custom;

/** A step as it is shown; `undefined` for one that changes nothing, or only completes another. */
export function changeOf(step: Step): Change | undefined {
  switch (step.kind) {
    case "create":
      return change(step.isReplacement ? "replace" : "create", step.goal.urn, []);
    case "update":
    case "replace":
      return change(step.kind, step.goal.urn, step.changed);
    case "same":
      return change("same", step.goal.urn, []);
    case "delete":
      if (step.state.delete === true) return undefined;
      return {
        ...change("delete", step.state.urn, []),
        ...(isRetained(step.state) ? { retained: true } : {}),
      };
    case "skipped":
    case "failed":
      return undefined;
  }
}

const change = (op: Change["op"], urn: Urn, changed: readonly string[]): Change => ({
  op,
  urn,
  type: typeOf(urn),
  name: nameOf(urn),
  changed,
});
