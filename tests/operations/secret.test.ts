import { readFileSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { stringify } from "yaml";
import { listSecrets, setSecret, unsetSecret } from "../../operations/secret.ts";
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

  it("works where the fleet is wrong in another place: the secret may be what it lacks", async () => {
    const project = stackWith({
      domain: "-",
      hosts: {},
      agents: { alice: { env: { MY_KEY: "sk-abcdefgh" } } },
    });
    await setSecret(project, "alice", "MY_KEY", value("s3cret"));
    expect(readFileSync(project.stackFile, "utf8")).toContain("secure: v1:");
    await expect(setSecret(stackWith({ domain: "-" }), "alice", "A", value("x"))).rejects.toThrow("domain");
  });

  it("says which other agent has the same key, and never the key", async () => {
    const project = stackWith({ domain: "a.example.com", hosts: {}, agents: { alice: {}, bob: {} } });
    const said: string[] = [];
    const set = (agent: string, variable: string, text: string) =>
      setSecret(project, agent, variable, {
        readValue: () => Promise.resolve(text),
        log: (line) => said.push(line),
      });
    await set("alice", "MY_KEY", "s3cret");
    await set("alice", "OTHER_KEY", "s3cret");
    await set("bob", "MY_KEY", "another");
    expect(said).toEqual([]);
    await set("bob", "BOBS_KEY", "s3cret");
    expect(said).toHaveLength(2);
    expect(said[0]).toMatch(/^BOBS_KEY of bob has the same value as MY_KEY of alice: /);
    expect(said[1]).toMatch(/^BOBS_KEY of bob has the same value as OTHER_KEY of alice: /);
    expect(said.join()).not.toContain("s3cret");
  });

  it("passes over a value that another key has encrypted", async () => {
    const project = stackWith({ domain: "a.example.com", hosts: {}, agents: { alice: {}, bob: {} } });
    await setSecret(project, "alice", "MY_KEY", value("s3cret"));
    const text = readFileSync(project.stackFile, "utf8");
    writeFileSync(project.stackFile, text.replace(/secure: v1:.*/, "secure: v1:AAAA:AAAA"));
    await setSecret(project, "bob", "MY_KEY", value("s3cret"));
  });
});

describe("secrets of a stack file", () => {
  const file = (secrets: object) => {
    const project = stackWith({});
    const config = {
      "agent-fleet:fleet": { nothing: "valid" },
      "hcloud:token": { secure: "v1:h" },
      "hcloud:endpoint": "http://127.0.0.1:1",
      "agent-fleet:acmeDnsToken": "plain",
      "agent-fleet:secrets": secrets,
    };
    writeFileSync(project.stackFile, stringify({ config }));
    return project;
  };
  const SECRETS = {
    zoe: { KEY: { secure: "v1:z" } },
    alice: { B: { secure: "v1:b" }, A: "plain" },
  };

  it("are listed by name, with the fleet's own by key, and without a passphrase", () => {
    expect(listSecrets(file(SECRETS))).toEqual({
      agents: [
        { agent: "alice", variable: "A" },
        { agent: "alice", variable: "B" },
        { agent: "zoe", variable: "KEY" },
      ],
      own: ["agent-fleet:acmeDnsToken", "hcloud:token"],
    });
    expect(listSecrets(file({ secure: "v1:all" })).own).toContain("agent-fleet:secrets");
  });

  it("are removed without a passphrase, also those of an agent that there is not", () => {
    const project = file(SECRETS);
    unsetSecret(project, "zoe", "KEY");
    unsetSecret(project, "alice", "A");
    expect(listSecrets(project).agents).toEqual([{ agent: "alice", variable: "B" }]);
  });

  it("that are not there are not removed, and the operator is told what is", () => {
    const project = file(SECRETS);
    const before = readFileSync(project.stackFile, "utf8");
    expect(() => unsetSecret(project, "alice", "C")).toThrow(
      `alice has no secret C in ${project.stackFile}; nothing was changed. It has A, B.`,
    );
    expect(() => unsetSecret(project, "bob", "A")).toThrow("nothing was changed. It has none at all.");
    expect(readFileSync(project.stackFile, "utf8")).toBe(before);
  });
});
