import { describe, expect, it } from "vitest";
import { distance, nearest, replacement, suggestion } from "../../../fleet/config/nearest.ts";

describe("the distance of two words", () => {
  it.each([
    ["", "", 0],
    ["", "abc", 3],
    ["fleet", "fleet", 0],
    ["flet", "fleet", 1],
    ["acmee", "acme", 1],
    ["tsl", "tls", 1],
    ["dokcer", "docker", 1],
    ["kitten", "sitting", 3],
  ])("%j and %j: %i", (a, b, steps) => {
    expect(distance(a, b)).toBe(steps);
    expect(distance(b, a)).toBe(steps);
  });
});

describe("the nearest name", () => {
  it("is the one that the fewest slips lead to, in whichever case it is written", () => {
    expect(nearest("secret", ["fleet", "secrets"])).toBe("secrets");
    expect(nearest("Model", ["mode", "model"])).toBe("model");
  });

  it("is none where too much differs, or nothing can be compared", () => {
    expect(nearest("vpn", ["tls", "public"])).toBeUndefined();
    expect(nearest("whatsapp", ["telegram", "discord", "slack"])).toBeUndefined();
    expect(nearest("x", [])).toBeUndefined();
    expect(nearest("x".repeat(100_000), ["x".repeat(99_999)])).toBeUndefined();
  });
});

describe("what is suggested", () => {
  const many = ["a1", "b1", "c1", "d1", "e1", "f1", "g1", "h1", "name"];

  it("is the nearest name, and the list where it is short", () => {
    expect(suggestion("acmee", ["internal", "acme"])).toBe("did you mean acme? Use one of internal, acme");
    expect(suggestion("other", ["internal", "acme"])).toBe("use one of internal, acme");
    expect(suggestion("nmae", many)).toBe("did you mean name?");
    expect(suggestion("other", many)).toBeUndefined();
    expect(suggestion("other", many.slice(1))).toBe(`use one of ${many.slice(1).join(", ")}`);
    expect(suggestion("other", [])).toBeUndefined();
  });

  it("is to remove it too, where it may be left out", () => {
    expect(replacement("other", ["a", "b"])).toBe("use one of a, b, or remove it");
    expect(replacement("nmae", many)).toBe("did you mean name? Otherwise remove it");
    expect(replacement("other", many)).toBe("check the spelling against docs/configuration.md, or remove it");
  });
});
