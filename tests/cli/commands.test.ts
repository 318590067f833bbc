import type { Change } from "pulumi-embedded-engine";
import { describe, expect, it } from "vitest";
import { publicLink } from "../../cli/commands/login.ts";
import { redactor } from "../../cli/commands/logs.ts";
import { renderPreview } from "../../cli/commands/preview.ts";

describe("login", () => {
  it("turns the gateway's own link into one that works from outside", () => {
    const inside =
      "http://127.0.0.1:18789/#bootstrapToken=abc-_1&bootstrapProfile=owner&gatewayUrl=ws%3A%2F%2F127.0.0.1%3A18789";
    expect(publicLink(inside, "https://alice.agents.localhost:8443")).toBe(
      "https://alice.agents.localhost:8443/#bootstrapToken=abc-_1&bootstrapProfile=owner&gatewayUrl=wss%3A%2F%2Falice.agents.localhost%3A8443",
    );
  });
});

describe("logs", () => {
  const redact = redactor(["0123456789abcdef", "sk-ant-secret", "abc"]);
  it.each([
    ["token 0123456789abcdef used", "token [redacted] used"],
    ["key=sk-ant-secret;", "key=[redacted];"],
    ["open http://x/#bootstrapToken=zzz&x=1", "open http://x/#bootstrapToken=[redacted]&x=1"],
    ["Authorization: Bearer aaa.bbb-ccc", "Authorization: Bearer [redacted]"],
    ["nothing to hide, abc", "nothing to hide, abc"],
  ])("%s -> %s", (line, shown) => {
    expect(redact(line)).toBe(shown);
  });
});

describe("preview", () => {
  const change = (op: Change["op"], name: string, changed: string[] = [], retained = false): Change => ({
    op,
    name,
    urn: `urn:pulumi:${name}`,
    type: "docker:index/container:Container",
    changed,
    ...(retained ? { retained } : {}),
  });

  it("shows each change with what causes it, and what stays behind", () => {
    const changes = [
      change("create", "carol-gateway"),
      change("replace", "ingress-config", ["uploads"]),
      change("delete", "bob-data", [], true),
    ];
    expect(renderPreview({ succeeded: true, changes, unchanged: 7 }).split("\n")).toEqual([
      "  + container       carol-gateway              create",
      "  ± container       ingress-config          replace  (changes: uploads)",
      "  - container       bob-data                   delete  (leaves the stack; the data stays on the host)",
      "1 to create, 1 to replace, 1 to delete, 7 unchanged",
    ]);
  });

  it("says so when there is nothing to do", () => {
    expect(renderPreview({ succeeded: true, changes: [], unchanged: 24 })).toBe(
      "No changes: 24 resources are as they should be.",
    );
  });
});
