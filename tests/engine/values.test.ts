import { describe, expect, it } from "vitest";
import {
  conceal,
  decryptSecrets,
  encryptSecrets,
  equal,
  holdsSecret,
  reveal,
  secret,
  UNKNOWN,
} from "../../engine/values.ts";

describe("values", () => {
  const nested = { a: [1, secret({ key: secret("inner") })], b: { c: secret(null) } };

  it("are revealed and concealed at every depth", () => {
    expect(reveal(nested)).toEqual({ a: [1, { key: "inner" }], b: { c: null } });
    expect(conceal(nested)).toEqual({ a: [1, "[secret]"], b: { c: "[secret]" } });
  });

  it.each([
    [secret("x"), true],
    [["plain", secret("x")], true],
    [{ a: { b: [secret("x")] } }, true],
    [{ a: ["plain"], b: null }, false],
    [undefined, false],
  ])("%j holds a secret: %s", (value, result) => {
    expect(holdsSecret(value)).toBe(result);
  });

  it("are sealed without a trace of what they were, and opened again", () => {
    const seal = (text: string): string => Buffer.from(text).toString("hex");
    const open = (text: string): string => Buffer.from(text, "hex").toString();
    const sealed = encryptSecrets(nested, seal);
    expect(JSON.stringify(sealed)).not.toContain("inner");
    expect(reveal(decryptSecrets(sealed, open))).toEqual(reveal(nested));
  });

  it.each([
    [secret("x"), "x", true],
    [secret("x"), secret("y"), false],
    [{ a: 1, b: [2] }, { b: [2], a: 1 }, true],
    [{ a: 1 }, { a: 1, b: null }, false],
    [[1, 2], [2, 1], false],
    [UNKNOWN, UNKNOWN, false],
    [undefined, undefined, true],
    [null, undefined, false],
  ])("%j and %j are equal: %s", (a, b, result) => {
    expect(equal(a, b)).toBe(result);
    expect(equal(b, a)).toBe(result);
  });
});
