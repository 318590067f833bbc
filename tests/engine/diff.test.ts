import { describe, expect, it } from "vitest";
import { diff } from "../../engine/diff.ts";
import { container } from "../../engine/providers/docker/container.ts";
import type { Properties } from "../../engine/values.ts";

const plain = { ignoreChanges: [], replaceOnChanges: [] };
const compare = (before: Properties, after: Properties) =>
  diff({ urn: "urn:pulumi:u", custom: true, type: "t", inputs: before }, after, container, plain);

describe("a container's inputs", () => {
  it("are the same whether or not the provider's bridge has filled in its defaults, at any depth", () => {
    const program = {
      image: "i",
      healthcheck: { tests: ["CMD"], interval: "5s" },
      labels: [{ label: "a", value: "b" }],
    };
    const filled = {
      __defaults: ["mustRun", "waitTimeout"],
      image: "i",
      mustRun: true,
      waitTimeout: 60,
      healthcheck: { __defaults: ["startInterval"], tests: ["CMD"], interval: "5s", startInterval: "0s" },
      labels: [{ __defaults: [], label: "a", value: "b" }],
    };
    expect(compare(filled, program)).toEqual({ changed: [], replacing: [] });
  });

  it.each([
    [{ image: "a" }, { image: "b" }, ["image"], ["image"]],
    [{ memory: 1 }, { memory: 2 }, ["memory"], []],
    [{ mustRun: true }, {}, [], []],
    [{ wait: true }, {}, ["wait"], []],
    [{ envs: ["A=1"] }, {}, ["envs"], ["envs"]],
  ])("%j -> %j changes %j and replaces for %j", (before, after, changed, replacing) => {
    expect(compare(before as Properties, after as Properties)).toEqual({ changed, replacing });
  });
});
