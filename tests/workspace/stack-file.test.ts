import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openConfig, readStackFile, writeSecret } from "../../workspace/stack-file.ts";

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

  it("that is not valid YAML is refused with its name and the line", () => {
    expect(() => read("config: [")).toThrow(/Pulumi\.test\.yaml is not valid YAML.*line 1/s);
  });
});
