import { describe, expect, it } from "vitest";
import { dependentReplacements } from "../../engine/dependent-replacements.ts";
import type { Goal } from "../../engine/goal.ts";
import { toState } from "../../engine/resource-state.ts";
import type { ResourceState } from "../../engine/state/checkpoint.ts";
import { BYTES, goal, urn } from "./support/goals.ts";

const existing = (each: Goal): ResourceState => toState(each, undefined, "id", each.inputs);
const bytes = (name: string, more: Partial<Goal> = {}): ResourceState =>
  existing(goal(name, { length: 2 }, { type: BYTES, ...more }));
const from = (name: string): Partial<Goal> => ({ propertyDependencies: { length: [urn(name, BYTES)] } });

const base = bytes("base");
const namesOf = (states: readonly ResourceState[]): string[] =>
  dependentReplacements(base, states).map(({ urn: each }) => each.split("::").at(-1) ?? "");

describe("the replacement of a resource", () => {
  it("replaces what takes an input from it whose change requires a replacement, at any distance, last first", () => {
    expect(namesOf([base, bytes("near", from("base")), bytes("far", from("near"))])).toEqual(["far", "near"]);
  });

  it("leaves what can be updated in place, or only comes after it", () => {
    const updatable = existing(
      goal("stash", { input: 1 }, { propertyDependencies: { input: [urn("base", BYTES)] } }),
    );
    expect(namesOf([base, updatable, bytes("later", { dependencies: [urn("base", BYTES)] })])).toEqual([]);
  });

  it("replaces what names it in replaceWith, though no input comes from it", () => {
    const dependencies = [urn("base", BYTES)];
    const bound = goal("bound", { input: 1 }, { replaceWith: dependencies, dependencies });
    expect(namesOf([base, existing(bound)])).toEqual(["bound"]);
  });

  it("is not required by an earlier init error", () => {
    const failed = { ...bytes("failed", { dependencies: [urn("base", BYTES)] }), initErrors: ["no"] };
    expect(namesOf([base, { ...failed, replaceOnChanges: ["#initerror"] }])).toEqual([]);
  });
});
