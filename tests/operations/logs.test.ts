import { describe, expect, it } from "vitest";
import { redactor, secretsIn } from "../../operations/logs.ts";

describe("redactor", () => {
  const redact = redactor(["0123456789abcdef", "sk-ant-secret", "abc"]);

  it.each([
    ["token 0123456789abcdef used", "token [redacted] used"],
    ["key=sk-ant-secret;", "key=[redacted];"],
    ["open http://x/#bootstrapToken=zzz&x=1", "open http://x/#bootstrapToken=[redacted]&x=1"],
    ["Authorization: Bearer aaa.bbb-ccc", "Authorization: Bearer [redacted]"],
    ["a secret of three letters, abc, is kept", "a secret of three letters, abc, is kept"],
  ])("%s -> %s", (line, shown) => {
    expect(redact(line)).toBe(shown);
  });

  it("leaves nothing of a secret that contains another", () => {
    expect(redactor(["secret", "secret-and-more"])("secret-and-more")).toBe("[redacted]");
  });
});

describe("secretsIn", () => {
  it("finds the values of variables whose names are those of secrets", () => {
    const environment = ["PATH=/bin", "OPENCLAW_GATEWAY_TOKEN=a=b", "MODEL_API_KEY=k", "KEYBOARD=us"];
    expect(secretsIn(environment)).toEqual(["a=b", "k"]);
  });
});
