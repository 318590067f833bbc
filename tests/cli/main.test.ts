/** The commands as an operator types them, as far as they need no Docker. */

import { spawn } from "node:child_process";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createProject, lane, runCommand, type TestProject } from "../support/project/project.ts";

let project: TestProject;
beforeEach(() => {
  project = createProject("operator");
  project.configure({ domain: "o.localhost", ...lane(40), agents: { alice: {} } });
});
afterEach(() => project.remove());

const EMBEDDED = ["--engine", "embedded"];

describe("the commands", () => {
  it("say what is wrong with the configuration before anything is changed", async () => {
    project.configure({ domain: "o.localhost", ...lane(40), agents: { alice: { class: "huge" } } });
    const { code, stderr } = await project.run("up", "--yes", ...EMBEDDED);
    expect(code).toBe(1);
    expect(stderr).toContain(
      'agents.alice.class = "huge"\n    there is no such class\n    -> use one of heavy, light, standard, or add it to classes',
    );
    expect(stderr).not.toContain("    at ");
  });

  it("ask before they change a stack that is not local, and without a terminal need --yes", async () => {
    const { code, stderr } = await project.run("up", ...EMBEDDED);
    expect(code).toBe(1);
    expect(stderr).toContain("Change stack operator? Not running in a terminal; pass --yes to confirm.");
  });

  it("name what is missing: the stack's file, the passphrase, the Pulumi CLI", async () => {
    const main = join(project.folder, "cli/main.ts");
    const run = (args: string[], env: NodeJS.ProcessEnv) =>
      runCommand(process.execPath, [main, ...args], {
        cwd: project.folder,
        env: { ...project.environment, ...env },
      });
    expect((await run(["preview", "--stack", "none", ...EMBEDDED], {})).stderr).toContain(
      "Pulumi.none.yaml does not exist",
    );
    const noPassphrase = { PULUMI_CONFIG_PASSPHRASE: undefined };
    expect((await run(["outputs", "--stack", "operator", ...EMBEDDED], noPassphrase)).stderr).toContain(
      "set PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE",
    );
    const noPulumi = { PATH: "/nowhere" };
    expect((await run(["preview", "--stack", "operator", "--engine", "pulumi"], noPulumi)).stderr).toContain(
      "There is no `pulumi` on PATH",
    );
    const cloud = { PATH: "/nowhere", PULUMI_BACKEND_URL: "s3://bucket" };
    expect((await run(["preview", "--stack", "operator"], cloud)).stderr).toContain(
      "s3://bucket needs the Pulumi CLI",
    );
  });

  it("preview a new fleet as JSON, and fail if no changes were expected", async () => {
    const { code, stdout } = await project.run("preview", "--json", "--expect-no-changes", ...EMBEDDED);
    expect(code).toBe(1);
    const { changes, summary } = JSON.parse(stdout) as { changes: object[]; summary: Record<string, number> };
    expect(summary).toEqual({ create: changes.length, update: 0, replace: 0, delete: 0, same: 0 });
    expect(changes).toContainEqual({
      op: "create",
      type: "docker:index/container:Container",
      name: "alice-gateway",
      urn: "urn:pulumi:operator::agent-fleet::agent-fleet:index:IsolatedAgent$docker:index/container:Container::alice-gateway",
    });
  });

  it("say that there is no fleet yet if outputs are requested", async () => {
    const { code, stderr } = await project.run("outputs", "--json", ...EMBEDDED);
    expect(code).toBe(1);
    expect(stderr).toContain("This stack has no fleet yet. Deploy it first: npm run up -- --stack operator");
  });

  it("encrypt a secret from standard input, and pass it to the program", async () => {
    const file = join(project.folder, "Pulumi.operator.yaml");
    const main = join(project.folder, "cli/main.ts");
    const child = spawn(process.execPath, [main, "secret", "alice", "MY_KEY", "--stack", "operator"], {
      env: project.environment,
      stdio: ["pipe", "pipe", "pipe"],
    });
    child.stdin.end("s3cret-value\n");
    expect(await text(child.stdout)).toContain("Encrypted MY_KEY for alice in");
    const written = readFileSync(file, "utf8");
    expect(written).toMatch(/alice:\n {6}MY_KEY:\n {8}secure: v1:/);
    expect(written).not.toContain("s3cret-value");
    const preview = await project.run("preview", ...EMBEDDED);
    expect(preview.code, preview.stderr).toBe(0);
    // A wrong passphrase is an error, not an empty secret.
    const { stderr } = await runCommand(
      process.execPath,
      [main, "preview", "--stack", "operator", ...EMBEDDED],
      {
        env: { ...project.environment, PULUMI_CONFIG_PASSPHRASE: "other" },
      },
    );
    expect(stderr).toContain("The passphrase does not open this stack's secrets");
  });

  it("remove a secret and list what there is, without a passphrase, and leave every other line as it was", async () => {
    const file = join(project.folder, "Pulumi.operator.yaml");
    const before = `${readFileSync(file, "utf8")}  # by hand\n  other:list: ["*"]\n`;
    const secrets = "  agent-fleet:secrets:\n    zoe:\n      KEY:\n        secure: v1:x:y\n";
    writeFileSync(file, `${before}${secrets}`);
    delete project.environment["PULUMI_CONFIG_PASSPHRASE"];
    const refused = await project.run("plan");
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain(
      "agent-fleet:secrets.zoe\n    there is no agent of this name\n    -> remove it with: npm run secret -- --stack operator zoe KEY --remove, or add the agent",
    );
    const listed = await project.run("secret", "--list");
    expect([listed.code, listed.stdout]).toEqual([0, "AGENT  VARIABLE\nzoe    KEY\n"]);
    const removed = await project.run("secret", "zoe", "KEY", "--remove");
    expect(removed.stdout).toContain("Removed KEY of zoe from");
    expect(removed.stdout).toContain("`npm run up -- --stack operator`");
    expect(readFileSync(file, "utf8")).toBe(before);
    const again = await project.run("secret", "zoe", "KEY", "--remove");
    expect(again.code).toBe(1);
    expect(again.stderr).toContain("zoe has no secret KEY in");
    expect((await project.run("secret", "--list")).stdout).toBe("No agent has a secret.\n");
    expect((await project.run("secret", "zoe")).stderr).toContain(
      "Name the agent and the variable: npm run secret -- --stack operator AGENT VARIABLE.",
    );
    expect((await project.run("secret", "zoe", "--list")).code).toBe(1);
  });

  it.each(["plan", "preview", "up"])("refuse a key that does not exist by its name: %s", async (command) => {
    const file = join(project.folder, "Pulumi.operator.yaml");
    writeFileSync(file, readFileSync(file, "utf8").replace("agent-fleet:fleet", "agent-fleet:flet"));
    const options = command === "plan" ? [] : EMBEDDED;
    const { code, stderr } = await project.run(command, ...options, ...(command === "up" ? ["--yes"] : []));
    expect(code).toBe(1);
    expect(stderr).toContain(
      "has 1 problem; nothing was changed.\n  agent-fleet:flet\n    there is no such key\n    -> did you mean fleet?",
    );
  });

  it("generate a passphrase for the local stack that only its owner can read, and say where", async () => {
    const { PULUMI_CONFIG_PASSPHRASE, ...environment } = project.environment;
    writeFileSync(
      join(project.folder, "Pulumi.local.yaml"),
      readFileSync(join(project.folder, "Pulumi.operator.yaml")),
    );
    const { stderr, code } = await runCommand(
      process.execPath,
      [join(project.folder, "cli/main.ts"), "destroy", ...EMBEDDED],
      {
        env: environment,
      },
    );
    expect(code, stderr).toBe(0);
    const path = /in (\S+local\.passphrase)\./.exec(stderr)?.[1] ?? "";
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });
});
