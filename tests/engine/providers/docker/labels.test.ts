import { describe, expect, it } from "vitest";
import { hasIdentity, isOurs, labelMap, labelPairs } from "../../../../engine/providers/docker/labels.ts";

const labels = [
  { label: "stack", value: "s" },
  { label: "name", value: "n" },
];

describe("labels", () => {
  it("are pairs in a program and a map in Docker", () => {
    expect(labelMap(labels)).toEqual({ stack: "s", name: "n" });
    expect(labelMap(undefined)).toEqual({});
  });

  it.each([
    ["with all labels", { stack: "s", name: "n", more: "x" }, { labels }, true],
    ["with another value", { stack: "s", name: "other" }, { labels }, false],
    ["without one of the labels", { stack: "s" }, { labels }, true],
    ["without one of the labels, with another value", { stack: "t" }, { labels }, false],
    ["with other labels only", { more: "x" }, { labels }, false],
    ["without labels", {}, { labels }, false],
    ["without labels at all", undefined, { labels }, false],
    ["with labels, where the inputs have none", { stack: "s" }, {}, false],
    ["without labels, where the inputs have none", {}, {}, false],
  ])("of an object %s: ours is %s", (_, found, inputs, expected) => {
    expect(isOurs(found, inputs)).toBe(expected);
  });

  it.each([
    ["with the same identity", { stack: "s", name: "other" }, ["stack"], true],
    ["with another identity", { stack: "t", name: "n" }, ["stack"], false],
    ["without it", { name: "n" }, ["stack"], false],
    ["with a part of it", { stack: "s" }, ["stack", "name"], false],
    ["with an identity that was not asked for", { stack: "s", host: "h" }, ["host"], false],
    ["without labels at all", null, ["stack"], false],
  ])("of an object %s: whether it has the identity is %s", (_, found, identity, expected) => {
    expect(hasIdentity(found, { inputs: { labels }, identity, value: undefined })).toBe(expected);
  });

  it("are pairs again in a stable order", () => {
    expect(labelPairs({ b: "2", a: "1" })).toEqual([
      { label: "a", value: "1" },
      { label: "b", value: "2" },
    ]);
    expect(labelPairs(null)).toEqual([]);
  });
});
