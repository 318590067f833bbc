import { describe, expect, it } from "vitest";
import { isOurs, labelMap } from "../../../../engine/providers/docker/labels.ts";

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
    ["without one of the labels", { stack: "s" }, { labels }, false],
    ["without labels", {}, { labels }, false],
    ["without labels at all", undefined, { labels }, false],
    ["with labels, where the inputs have none", { stack: "s" }, {}, false],
    ["without labels, where the inputs have none", {}, {}, false],
  ])("of an object %s: ours is %s", (_, found, inputs, expected) => {
    expect(isOurs(found, inputs)).toBe(expected);
  });
});
