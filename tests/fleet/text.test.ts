import { describe, expect, it } from "vitest";
import { abbreviate, byName, compare, list, plural, sortedEntries } from "../../fleet/text.ts";

describe("texts", () => {
  it("list names in order, and say where there are none", () => {
    expect(list(new Set(["b", "a"]))).toBe("a, b");
    expect(list([])).toBe("none");
  });

  it("abbreviate more than three names", () => {
    expect(abbreviate(["a", "b", "c"])).toBe("a, b, c");
    expect(abbreviate(["a", "b", "c", "d"])).toBe("a, b and 2 more");
  });

  it("count in the singular and in the plural", () => {
    expect([0, 1, 2].map((count) => plural(count, "host"))).toEqual(["0 hosts", "1 host", "2 hosts"]);
  });
});

describe("the order of names", () => {
  it("is by code unit, whatever the locale", () => {
    expect(["ä", "z", "B", "a", "a-1", "a1"].toSorted(compare)).toEqual(["B", "a", "a-1", "a1", "z", "ä"]);
    expect(compare("a", "a")).toBe(0);
    expect([{ name: "b" }, { name: "a" }].toSorted(byName)).toEqual([{ name: "a" }, { name: "b" }]);
    expect(sortedEntries({ b: 1, a: 2 })).toEqual([
      ["a", 2],
      ["b", 1],
    ]);
  });
});
