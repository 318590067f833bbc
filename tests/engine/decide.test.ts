import { describe, expect, it } from "vitest";
import { changeOf, type DecisionContext, decide, decideDeletion } from "../../engine/decide.ts";
import type { Goal } from "../../engine/goal.ts";
import { findProvider } from "../../engine/providers/resource-types.ts";
import { toState } from "../../engine/resource-state.ts";
import type { TableView } from "../../engine/resource-table.ts";
import type { ResourceState } from "../../engine/state/checkpoint.ts";
import { createProviderReference, createUrn } from "../../engine/urn.ts";
import { BYTES, goal, urn } from "./support/goals.ts";

const context = (table: Partial<TableView> = {}, more: Partial<DecisionContext> = {}): DecisionContext => ({
  table: {
    isUnavailable: () => false,
    isReplaced: () => false,
    isDeletedBeforeReplace: () => false,
    unmatched: () => [],
    ...table,
  },
  findProvider,
  interrupted: new Set(),
  isCancelled: false,
  ...more,
});

const existing = (each: Goal): ResourceState => toState(each, undefined, "id", each.inputs);
const a = goal("a", { input: 1 });
const changed = goal("a", { input: 2 });

describe("a registration", () => {
  it("creates what the state does not hold", () => {
    expect(decide(a, undefined, context())).toMatchObject({ kind: "create", isReplacement: false });
  });

  it("completes a replacement whose predecessor was deleted with something else", () => {
    const step = decide(a, undefined, context({ isDeletedBeforeReplace: (each) => each === a.urn }));
    expect(changeOf(step)).toMatchObject({ op: "replace", name: "a" });
  });

  it("changes nothing if nothing differs", () => {
    const old = existing(a);
    expect(decide(a, old, context())).toEqual({ kind: "same", goal: a, old });
  });

  it("updates what differs", () => {
    expect(decide(changed, existing(a), context())).toMatchObject({ kind: "update", changed: ["input"] });
  });

  it("updates what an interrupted run was changing, whatever its inputs are", () => {
    const step = decide(a, existing(a), context({}, { interrupted: new Set([a.urn]) }));
    expect(step).toMatchObject({ kind: "update", changed: [] });
  });

  it("replaces a resource together with one that its replaceWith names, though its inputs are the same", () => {
    const bound = goal("a", { input: 1 }, { replaceWith: [urn("base")] });
    const replaced = context({ isReplaced: (each) => each === urn("base") });
    expect(decide(bound, existing(bound), replaced)).toMatchObject({ kind: "replace", changed: [] });
    expect(decide(bound, existing(bound), context())).toMatchObject({ kind: "same" });
  });

  it("replaces a resource that moves to another provider", () => {
    const on = (name: string): Goal => {
      const provider = createUrn("s", "p", "pulumi:providers:docker", name);
      return goal("a", { input: 1 }, { provider: createProviderReference(provider, "1") });
    };
    expect(decide(on("two"), existing(on("one")), context())).toMatchObject({ kind: "replace" });
    expect(decide(on("one"), existing(on("one")), context())).toMatchObject({ kind: "same" });
  });

  it("replaces, with deleteBeforeReplace, after what cannot live without it", () => {
    const base = goal("base", { length: 8 }, { type: BYTES, deleteBeforeReplace: true });
    const old = existing(goal("base", { length: 4 }, { type: BYTES }));
    const user = existing(
      goal("user", { length: 2 }, { type: BYTES, propertyDependencies: { length: [base.urn] } }),
    );
    const step = decide(base, old, context({ unmatched: () => [user] }));
    expect(step).toMatchObject({ kind: "replace", dependents: [user] });
  });

  it("is refused for a protected resource that it would replace", () => {
    const old = { ...existing(goal("a", { length: 4 }, { type: BYTES })), protect: true };
    const step = decide(goal("a", { length: 8 }, { type: BYTES }), old, context());
    expect(step).toMatchObject({ kind: "failed", message: expect.stringMatching(/protected/) });
  });

  it.each([
    ["its parent", { parent: urn("bad") }],
    ["a dependency", { dependencies: [urn("bad")] }],
    ["the source of an input", { propertyDependencies: { input: [urn("bad")] } }],
    ["its provider", { provider: createProviderReference(urn("bad"), "1") }],
  ])("is skipped if %s is not available", (_, more) => {
    const unavailable = context({ isUnavailable: (each) => each === urn("bad") });
    const step = decide(goal("a", { input: 2 }, more), existing(a), unavailable);
    expect(step).toEqual({ kind: "skipped", urn: a.urn, because: urn("bad") });
  });

  it("is skipped once the run is cancelled", () => {
    const step = decide(changed, existing(a), context({}, { isCancelled: true }));
    expect(step).toMatchObject({ kind: "skipped", because: "the run was interrupted" });
  });

  it("is refused for an ignored path, and for an unknown input or type", () => {
    const message = (each: Goal): unknown => decide(each, undefined, context());
    expect(message(goal("a", {}, { ignoreChanges: ["input.key"] }))).toMatchObject({
      message: expect.stringMatching(/whole properties only, not of input\.key/),
    });
    expect(message(goal("a", { other: 1 }))).toMatchObject({
      message: expect.stringMatching(/does not implement other/),
    });
    expect(message(goal("a", {}, { type: "x:index:Y" }))).toMatchObject({
      message: expect.stringMatching(/does not manage the type x:index:Y/),
    });
  });
});

describe("a component", () => {
  const component = (inputs: Goal["inputs"]): Goal =>
    goal("c", inputs, { type: "pkg:index:C", custom: false });

  it("is created, updated and kept without a provider", () => {
    const old = existing(component({ x: 1 }));
    expect(decide(component({}), undefined, context())).toMatchObject({
      kind: "create",
      provider: undefined,
    });
    expect(decide(component({ x: 2 }), old, context())).toMatchObject({ kind: "update", changed: ["x"] });
    expect(decide(component({ x: 1 }), old, context())).toMatchObject({ kind: "same" });
  });
});

describe("a deletion", () => {
  const volume = existing(goal("v", {}, { type: "docker:index/volume:Volume" }));
  const decideFor = (more: Partial<ResourceState>, deleted: ResourceState["urn"][] = []): unknown =>
    decideDeletion({ ...volume, ...more }, new Set(deleted), context());

  it("calls the provider", () => {
    expect(decideFor({})).toMatchObject({ kind: "delete", provider: { delete: expect.any(Function) } });
  });

  it.each<[string, Partial<ResourceState>]>([
    ["is retained", { retainOnDelete: true }],
    ["belongs to another program", { external: true }],
    ["goes with another one", { deletedWith: urn("host") }],
  ])("only removes a resource from the state that %s", (_, more) => {
    expect(decideFor(more, [urn("host")])).toMatchObject({ kind: "delete", provider: undefined });
  });

  it("calls the provider if what the resource would go with stays", () => {
    expect(decideFor({ deletedWith: urn("host") })).toMatchObject({ provider: expect.anything() });
  });

  it("is refused for a protected resource", () => {
    expect(decideFor({ protect: true })).toMatchObject({ kind: "failed" });
  });
});
