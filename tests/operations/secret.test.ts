import { readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { setSecret } from "../../operations/secret.ts";
import { stackWith } from "../support/outputs.ts";

const log = (): void => {};

describe("setSecret", () => {
  beforeEach(() => vi.stubEnv("PULUMI_CONFIG_PASSPHRASE", "test"));
  afterEach(() => vi.unstubAllEnvs());
  const stack = () =>
    stackWith({ domain: "a.example.com", hosts: { one: { kind: "docker" } }, agents: { alice: {} } });
  const value = (text: string) => ({ log, readValue: () => Promise.resolve(text) });

  it("writes the value encrypted", async () => {
    const project = stack();
    await setSecret(project, "alice", "MY_KEY", value("s3cret"));
    const written = readFileSync(project.stackFile, "utf8");
    expect(written).toMatch(/alice:\n {6}MY_KEY:\n {8}secure: v1:/);
    expect(written).not.toContain("s3cret");
  });

  it.each([
    ["an agent that is not in the stack file", "bob", "MY_KEY", "x", 'There is no agent "bob" in'],
    ["a name that no variable can have", "alice", "my-key", "x", '"my-key" is not a valid variable name'],
    ["a variable of the fleet", "alice", "HTTPS_PROXY", "x", "HTTPS_PROXY is set by the fleet itself"],
    ["an empty value", "alice", "MY_KEY", "", "The value is empty; nothing was changed."],
  ])("refuses %s, and changes nothing", async (_, agent, variable, text, message) => {
    const project = stack();
    const before = readFileSync(project.stackFile, "utf8");
    await expect(setSecret(project, agent, variable, value(text))).rejects.toThrow(message);
    expect(readFileSync(project.stackFile, "utf8")).toBe(before);
  });
});
