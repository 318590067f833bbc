/**
 * Another team's program reads a fleet with nothing but the Pulumi CLI.
 *
 * The fleet's side is a program that only has the outputs: what a real one puts out is held to the same schema by
 * tests/reader/schema.test.ts, and no container is needed here.
 */
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SAMPLE, TOKENS } from "../reader/sample.ts";
import { type Result, runCommand } from "../support/project/project.ts";
import { hasPulumi } from "../support/project/pulumi.ts";

const ROOT = dirname(dirname(import.meta.dirname));

describe.skipIf(!hasPulumi("a fleet read by another program"))("another team's Pulumi program", () => {
  const folder = join(tmpdir(), `agent-fleet-consumer-${process.pid}`);
  const consumer = join(folder, "examples/consumer");
  const producer = join(folder, "fleet");

  const pulumi = (cwd: string, passphrase: string, ...args: string[]): Promise<Result> =>
    runCommand("pulumi", [...args, "--non-interactive"], {
      cwd,
      env: {
        ...process.env,
        PULUMI_BACKEND_URL: `file://${join(folder, "state")}`,
        PULUMI_CONFIG_PASSPHRASE: passphrase,
        PULUMI_SKIP_UPDATE_CHECK: "true",
        PULUMI_IGNORE_AMBIENT_PLUGINS: "true",
        PATH: `${join(ROOT, "node_modules/.bin")}:${process.env["PATH"]}`,
      },
    });

  const succeed = async (cwd: string, passphrase: string, ...args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await pulumi(cwd, passphrase, ...args);
    expect(code, `pulumi ${args.join(" ")}:\n${stderr}\n${stdout}`).toBe(0);
    return stdout;
  };

  beforeAll(async () => {
    mkdirSync(folder);
    for (const part of ["reader", "examples"])
      cpSync(join(ROOT, part), join(folder, part), { recursive: true });
    symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
    for (const made of ["state", "fleet"]) mkdirSync(join(folder, made));
    writeFileSync(
      join(producer, "Pulumi.yaml"),
      "{ name: agent-fleet, main: index.mjs, runtime: { name: nodejs, options: { typescript: false } } }",
    );
    writeFileSync(
      join(producer, "index.mjs"),
      `import * as pulumi from "@pulumi/pulumi";
      const isFleet = pulumi.getStack() === "local";
      export const fleet = isFleet ? ${JSON.stringify(SAMPLE)} : undefined;
      export const tokens = isFleet ? pulumi.secret(${JSON.stringify(TOKENS)}) : undefined;`,
    );
    for (const stack of ["local", "empty"]) {
      await succeed(producer, "the fleet's", "stack", "init", stack);
      await succeed(producer, "the fleet's", "up", "--yes", "--skip-preview", "--stack", stack);
    }
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("lists the fleet's agents and finds one, with a passphrase of its own and no token", async () => {
    await succeed(consumer, "another", "stack", "init", "status");
    await succeed(consumer, "another", "up", "--yes", "--stack", "status");
    const outputs = await succeed(consumer, "another", "stack", "output", "--json", "--stack", "status");
    expect(JSON.parse(outputs)).toEqual({
      agents: [
        { name: "alice", url: "https://alice.agents.example.com", state: "on" },
        { name: "bob", url: "https://bob.agents.example.com", state: "off" },
      ],
      support: "https://alice.agents.example.com",
    });
    const state = await succeed(
      consumer,
      "another",
      "stack",
      "export",
      "--show-secrets",
      "--stack",
      "status",
    );
    expect(state).toContain("pulumi:pulumi:StackReference");
    expect(state).not.toContain(TOKENS.alice);
  });

  it("finds nothing to change while the fleet stays as it is", async () => {
    await succeed(consumer, "another", "preview", "--expect-no-changes", "--stack", "status");
  });

  it.each([
    [
      "that there is no such agent",
      "supportAgent=alicia",
      'The fleet has no agent "alicia"; it has alice, bob.',
    ],
    [
      "that a stack does not belong to a fleet",
      "fleetStack=organization/agent-fleet/empty",
      "Stack organization/agent-fleet/empty has no output `fleet`.",
    ],
  ])("reports %s, without a trace of the reader", async (_, setting, message) => {
    const stack = ["--stack", setting.replace(/=.*/, "")];
    await succeed(consumer, "another", "stack", "init", ...stack);
    const { code, stdout } = await pulumi(consumer, "another", "preview", "--config", setting, ...stack);
    expect(code).not.toBe(0);
    expect(stdout).toContain(`error: ${message}`);
    expect(stdout).not.toContain("reader.ts");
  });

  it("gets tokens only with the fleet's passphrase, and then encrypted", async () => {
    const insider = join(folder, "examples/insider");
    cpSync(consumer, insider, { recursive: true });
    const program = readFileSync(join(consumer, "index.ts"), "utf8")
      .replace("readFleet }", "readFleet, readTokens }")
      .concat('export const tokens = readTokens(config.require("fleetStack"));\n');
    writeFileSync(join(insider, "index.ts"), program);

    await succeed(insider, "another", "stack", "init", "outsider");
    const refused = await pulumi(insider, "another", "preview", "--stack", "outsider");
    expect(refused.code).not.toBe(0);
    expect(refused.stdout).toContain(
      "error: The tokens of stack organization/agent-fleet/local cannot be opened.",
    );

    const stack = ["--stack", "insider"];
    await succeed(insider, "the fleet's", "stack", "init", ...stack);
    await succeed(insider, "the fleet's", "up", "--yes", "--skip-preview", ...stack);
    expect(await succeed(insider, "the fleet's", "stack", "export", ...stack)).not.toContain(TOKENS.alice);
    const shown = await succeed(
      insider,
      "the fleet's",
      "stack",
      "output",
      "--json",
      "--show-secrets",
      ...stack,
    );
    expect(JSON.parse(shown).tokens).toEqual(TOKENS);
  });
});
