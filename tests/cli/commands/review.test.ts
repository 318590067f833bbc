import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Crypter } from "pulumi-embedded-engine/state";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { createProject, runCommand, type TestProject } from "../../support/project/project.ts";

const FLEET = {
  domain: "agents.example.com",
  hosts: { one: { kind: "docker" } },
  agents: { alice: {}, bob: {} },
};

const EVERYTHING = "everything is shown as new";
const BASE = "Compared with the base branch's configuration, not with what runs";
const STATE = "Compared with what the stack's state says exists.";

/** What `pulumi stack export` writes for a stack that has nothing but bob's slot. */
const exported = async (passphrase: string, feature = "hooks"): Promise<string> =>
  JSON.stringify({
    version: 4,
    features: [feature],
    deployment: {
      manifest: { time: "2026-01-01T00:00:00Z", magic: "", version: "v3.260.0" },
      secrets_providers: { type: "passphrase", state: { salt: (await Crypter.create(passphrase)).salt } },
      resources: [
        {
          urn: "urn:pulumi:review-cli::agent-fleet::agent-fleet:index:IsolatedAgent$pulumi:index:Stash::bob-slot",
          custom: true,
          type: "pulumi:index:Stash",
          inputs: { input: { host: "one", slot: 4 } },
          outputs: { output: { host: "one", slot: 4 } },
        },
      ],
    },
  });

describe("npm run review", () => {
  let project: TestProject;
  const file = (name: string): string => join(project.folder, name);
  const stackFile = (fleet: object, secrets: object = {}): string =>
    stringify({ config: { "agent-fleet:fleet": fleet, "agent-fleet:secrets": secrets } });
  const base = (fleet: object, secrets?: object): string => {
    writeFileSync(file("base.yaml"), stackFile(fleet, secrets));
    return file("base.yaml");
  };
  const review = async (...args: string[]): Promise<string[]> => {
    const { code, stdout, stderr } = await project.run("review", ...args);
    if (code !== 0) throw new Error(stderr);
    return stdout.split("\n");
  };
  const items = (lines: readonly string[]): string[] => lines.filter((line) => line.startsWith("- "));

  beforeAll(async () => {
    project = createProject("review-cli");
    writeFileSync(file("state.json"), await exported("test"));
    writeFileSync(file("other.json"), await exported("another"));
  });
  beforeEach(() => project.configure(FLEET));
  afterAll(() => project.remove());

  it("shows what is added to the base branch, and nothing else", async () => {
    project.configure({ ...FLEET, agents: { aaron: {}, ...FLEET.agents } });
    const lines = await review("--base", base(FLEET));
    expect(lines[0]).toBe("<!-- agent-fleet: plan of review-cli -->");
    expect(items(lines)).toEqual(["- adds aaron on one"]);
    expect(lines).toContain("1 agent added. Then 1 host, 3 agents.");
    expect(lines.join("\n")).toContain(BASE);
    expect(lines.at(-2)).toBe("Pulumi's preview is left out: there is no state to start from.");
  });

  it("shows what changes of agents that stay, with neither an engine nor a passphrase", async () => {
    project.configure({
      ...FLEET,
      ingress: { image: "caddy:2.12.0" },
      agents: { alice: { class: "heavy" }, bob: {} },
    });
    expect(items(await review("--base", base(FLEET)))).toEqual([
      "- changes one (ingress's image)",
      "- changes alice (class)",
    ]);
  });

  it("shows which agents' secrets were encrypted again, but not the secrets", async () => {
    const sealed = (text: string): object => ({ bob: { ANTHROPIC_API_KEY: { secure: text } } });
    writeFileSync(file("Pulumi.review-cli.yaml"), stackFile(FLEET, sealed("v1:NEW")));
    const lines = await review("--base", base(FLEET, sealed("v1:OLD")));
    expect(items(lines)).toEqual(["- changes bob (secrets)"]);
    expect(lines.join("\n")).not.toMatch(/OLD|NEW/);
  });

  it("says in one line that a pull request changes nothing", async () => {
    const lines = await review("--base", base(FLEET));
    expect(lines.join("\n")).toContain(`Nothing changes: 1 host and 2 agents stay as they are. ${BASE}`);
    expect(items(lines)).toEqual([]);
  });

  it("prefers a state to the base branch, and starts the preview from it", async () => {
    const lines = await review("--state", file("state.json"), "--base", base(FLEET));
    expect(lines).toContain(STATE);
    // The state is from a run that failed before it came to the host's services.
    expect(items(lines)).toEqual([
      "- starts the ingress of one",
      "- starts the egress proxy of one",
      "- adds alice on one",
      "- starts bob",
    ]);
    const created = lines.filter((line) => line.startsWith("+ create ")).map((line) => line.slice(9));
    expect(created).toContain("pulumi:index:Stash alice-slot");
    expect(created).toContain("docker:index/container:Container bob-gateway");
    expect(created).not.toContain("pulumi:index:Stash bob-slot");
  });

  it("leaves out the preview without a passphrase, and says so", async () => {
    const { PULUMI_CONFIG_PASSPHRASE: _, ...env } = project.environment;
    const args = ["cli/main.ts", "review", "--stack", "review-cli", "--state", "state.json"];
    const { code, stdout } = await runCommand(process.execPath, args, { cwd: project.folder, env });
    expect(code).toBe(0);
    expect(stdout).toContain("- adds alice on one");
    expect(stdout).toContain("Pulumi's preview is left out: Stack review-cli needs its passphrase");
  });

  it("leaves out the preview of a state that the embedded engine cannot read", async () => {
    writeFileSync(file("newer.json"), await exported("test", "unheardOf"));
    const lines = await review("--state", file("newer.json"));
    expect(items(lines)).toEqual(["- adds alice on one", "- starts bob"]);
    expect(lines.join("\n")).toContain("the embedded engine cannot read this stack's state.");
  });

  it("fails if the preview does, and writes the comment nevertheless", async () => {
    const { code, stdout, stderr } = await project.run("review", "--state", file("other.json"));
    expect(code).toBe(1);
    expect(stderr).toContain("passphrase does not open");
    expect(stdout).toContain("- adds alice on one");
    expect(stdout).toContain("Pulumi's preview is left out: it failed");
  });

  it("says that everything is new if there is nothing to compare with", async () => {
    expect((await review()).join("\n")).toContain(EVERYTHING);
  });

  it("writes what is wrong with the configuration into the comment, and fails", async () => {
    project.configure({ ...FLEET, agents: { alice: { class: "huge" } } });
    const { code } = await project.run("review", "--base", base(FLEET), "--output", file("comment.md"));
    expect(code).toBe(1);
    expect(readFileSync(file("comment.md"), "utf8")).toMatch(
      /^<!-- agent-fleet: plan of review-cli -->\n[\s\S]*The configuration is refused\.[\s\S]*agents\.alice\.class = "huge"/,
    );
  });

  it.each([
    ["does not exist", "missing.yaml", /There is no .*missing\.yaml to compare with/],
    ["cannot be planned", "base.yaml", /base\.yaml cannot be planned from an empty stack/],
  ])("names the file that %s", async (_, name, message) => {
    base({ ...FLEET, domain: "no domain" });
    const { code, stderr } = await project.run("review", "--base", file(name));
    expect(code).toBe(1);
    expect(stderr).toMatch(message);
  });
});
