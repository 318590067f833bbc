import { describe, expect, it } from "vitest";
import { changesOf, type Step, textOf } from "../../workspace/pulumi-events.ts";

const urn = (name: string): string => `urn:pulumi:s::p::docker:index/container:Container::${name}`;
const step = (op: Step["op"], name: string, more: Partial<Step> = {}): Step => ({
  op,
  urn: urn(name),
  type: "docker:index/container:Container",
  ...more,
});
const shown = (steps: Step[]): string[] =>
  changesOf(steps).map(({ op, name, changed }) => [op, name, ...changed].join(" "));

describe("changesOf", () => {
  it("shows a replacement once, with what causes it", () => {
    const steps = [
      step("create-replacement", "alice", { diffs: ["image"] }),
      step("replace", "alice", { diffs: ["image"] }),
      step("delete-replaced", "alice", { diffs: ["image"] }),
    ];
    expect(shown(steps)).toEqual(["replace alice image"]);
    expect(shown(steps.toReversed())).toEqual(["replace alice image"]);
  });

  it("leaves out what is the same or only read", () => {
    expect(
      shown([step("same", "alice"), step("read", "bob"), step("update", "carol", { diffs: ["memory"] })]),
    ).toEqual(["update carol memory"]);
  });

  it("marks what leaves the stack without being deleted", () => {
    const [data] = changesOf([step("delete", "bob-data", { old: { retainOnDelete: true } })]);
    expect(data).toMatchObject({ op: "delete", retained: true });
    expect(changesOf([step("delete", "bob")])[0]).not.toHaveProperty("retained");
  });

  it("leaves out Pulumi's own provider", () => {
    expect(shown([step("create", "default", { type: "pulumi:providers:pulumi" })])).toEqual([]);
  });
});

it("a diagnostic is shown without the directives for colors", () => {
  const prefix = "<{%fg 1%}>error: <{%reset%}>";
  expect(textOf({ prefix, message: "<{%reset%}>no such host\n" })).toBe("error: no such host");
});
