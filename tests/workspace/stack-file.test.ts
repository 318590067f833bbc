import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openConfig, readStackFile, removeSecret, writeSecret } from "../../workspace/stack-file.ts";

let folder = "";
let file = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "agent-fleet-stack-"));
  file = join(folder, "Pulumi.test.yaml");
});
afterEach(() => rmSync(folder, { recursive: true }));

const read = (text: string) => {
  writeFileSync(file, text);
  return readStackFile(file, "agent-fleet");
};

describe("a stack file", () => {
  it("is passed to the program as Pulumi does: structured values as JSON, short keys completed", () => {
    const opened = openConfig(
      read('config:\n  domain: x\n  other:key: [1, "a"]\n  agent-fleet:fleet: { agents: {} }\n'),
      () => "",
    );
    expect(opened).toEqual({
      config: { "agent-fleet:domain": "x", "other:key": '[1,"a"]', "agent-fleet:fleet": '{"agents":{}}' },
      secretKeys: [],
    });
  });

  it("has its encrypted values decrypted at any depth, and their keys marked as secret", () => {
    const text =
      "config:\n  agent-fleet:secrets:\n    alice: { KEY: { secure: v1:abc } }\n  agent-fleet:plain: 1\n";
    expect(openConfig(read(text), (encrypted) => `<${encrypted}>`)).toEqual({
      config: { "agent-fleet:secrets": '{"alice":{"KEY":"<v1:abc>"}}', "agent-fleet:plain": "1" },
      secretKeys: ["agent-fleet:secrets"],
    });
  });

  it("gets a secret without losing a comment, an order or another secret", () => {
    writeFileSync(file, "# ours\nconfig:\n  agent-fleet:fleet:\n    domain: x # why\n    agents: {}\n");
    writeSecret(file, ["agent-fleet:secrets", "alice", "KEY"], "v1:one", "v1:salt");
    writeSecret(file, ["agent-fleet:secrets", "alice", "OTHER"], "v1:two", "v1:another");
    expect(readFileSync(file, "utf8")).toBe(
      [
        "# ours",
        "config:",
        "  agent-fleet:fleet:",
        "    domain: x # why",
        "    agents: {}",
        "  agent-fleet:secrets:",
        "    alice:",
        "      KEY:",
        "        secure: v1:one",
        "      OTHER:",
        "        secure: v1:two",
        "encryptionsalt: v1:salt",
        "",
      ].join("\n"),
    );
  });

  it("gets its first secret even if it has no configuration", () => {
    writeFileSync(file, "config:\n");
    writeSecret(file, ["agent-fleet:secrets", "a", "K"], "v1:x", "s");
    expect(readStackFile(file, "agent-fleet").config).toEqual({
      "agent-fleet:secrets": { a: { K: { secure: "v1:x" } } },
    });
  });

  it("keeps its layout, so that a diff shows the secret alone", () => {
    const text = `config:\n  pulumi:disable-default-providers: ["*"]  # none\n  agent-fleet:fleet:\n    agents: {alice: {}}\n`;
    writeFileSync(file, text);
    writeSecret(file, ["agent-fleet:secrets", "alice", "KEY"], "v1:one", "v1:salt");
    writeSecret(file, ["agent-fleet:secrets", "alice", "KEY"], "v1:two", "v1:salt");
    const added = "  agent-fleet:secrets:\n    alice:\n      KEY:\n        secure: v1:two\n";
    expect(readFileSync(file, "utf8")).toBe(`${text}${added}encryptionsalt: v1:salt\n`);
    expect(removeSecret(file, ["agent-fleet:secrets", "alice", "OTHER"])).toBe(false);
    expect(removeSecret(file, ["agent-fleet:secrets", "alice", "KEY"])).toBe(true);
    expect(readFileSync(file, "utf8")).toBe(`${text}encryptionsalt: v1:salt\n`);
  });

  it("gets and loses a secret under the key that it has, with the project's name or without", () => {
    writeFileSync(file, "config:\n  secrets:\n    a:\n      K:\n        secure: v1:a\n  x: 1\n");
    writeSecret(file, ["agent-fleet:secrets", "a", "L"], "v1:b", "s");
    expect(readFileSync(file, "utf8")).toContain("      L:\n        secure: v1:b\n  x: 1\n");
    expect(removeSecret(file, ["agent-fleet:secrets", "a", "K"])).toBe(true);
  });

  it.each([
    ["an open quote", 'config:\n  a: "hunter2'],
    ["text behind a value", "config:\n  a: 'x' \"hunter2\""],
    ["two colons", "config:\n  a: hunter2: x"],
    ["an unknown token", "- a\nb: 'x' \"hunter2\""],
    ["a misplaced line", "config:\n  hunter2\n b: 1"],
    ["an alias", "config:\n  a: *hunter2"],
    ["a key of a known form", "config:\n  a: *sk-ant-REDACTED"],
  ])("that is not valid YAML is refused without what may be a secret: %s", (_, text) => {
    expect(() => read(text)).toThrow(
      /Pulumi\.test\.yaml (?:is not valid YAML: .* at line \d, column \d+$|has an alias)/,
    );
    expect(() => read(text)).not.toThrow(/hunter2|sk-ant/);
  });

  it("that is not valid YAML is refused with its name and the line", () => {
    expect(() => read("config: [")).toThrow(/Pulumi\.test\.yaml is not valid YAML.*line 1/s);
  });
});
