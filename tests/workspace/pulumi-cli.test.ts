/** What is asked of the Pulumi CLI. What it then does is tested with a real one: tests/docker/parity.test.ts. */
import { copyFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Project } from "../../workspace/project.ts";
import { pulumiEngine } from "../../workspace/pulumi-cli.ts";
import { installFakePulumi, type PulumiCall } from "../support/fake-pulumi.ts";
import { agentOutput, hostOutput, outputsOf, stackWith } from "../support/outputs.ts";

const OUTPUTS = outputsOf({ alice: agentOutput() }, { local: hostOutput() });
const URN = "urn:pulumi:test::agent-fleet::docker:index/container:Container::alice-gateway";

describe("the Pulumi CLI", () => {
  let project: Project;
  let calls: () => PulumiCall[];
  let lines: string[];

  beforeEach(() => {
    project = stackWith({ domain: "a.example.com", hosts: {}, agents: {} });
    copyFileSync(join(import.meta.dirname, "../../Pulumi.yaml"), join(project.folder, "Pulumi.yaml"));
    lines = [];
  });
  afterEach(() => vi.unstubAllEnvs());

  function engineThat(script: string) {
    const fake = installFakePulumi(project.folder, script);
    calls = fake.calls;
    vi.stubEnv("PATH", `${fake.bin}:${process.env["PATH"]}`);
    vi.stubEnv("PULUMI_CONFIG_PASSPHRASE", "test");
    return pulumiEngine(project, { log: (line) => lines.push(line) });
  }
  const call = (command: string): PulumiCall => {
    const found = calls().find(({ args }) => args[0] === command);
    if (found === undefined) throw new Error(`pulumi ${command} was not called`);
    return found;
  };
  const optionsOf = ({ args }: PulumiCall): string => args.join(" ");

  const WORKING = `
    if (args[0] === "stack" && args[1] === "output") console.log(${JSON.stringify(JSON.stringify(OUTPUTS))});
    else if (args[1] === "history") console.log("[]");
    else console.log("Updating (test)");
  `;

  it.each(["up", "destroy"] as const)(
    "does not stop at the first error of an `%s`, nor ask again",
    async (command) => {
      expect(await engineThat(WORKING)[command]()).toBe(true);
      expect(optionsOf(call(command))).toMatch(
        /--yes --skip-preview .*--stack test .*--non-interactive|--yes --skip-preview .*--non-interactive/,
      );
      expect(call(command).args).toContain("--continue-on-error");
      expect(optionsOf(call(command))).toContain("--parallel 8");
      expect(lines).toContain("Updating (test)");
    },
  );

  it.each(["up", "preview"] as const)(
    "names the embedded engine where `%s` lacks a plugin, once",
    async (command) => {
      const engine = engineThat(`
      if (args[0] === "up" || args[0] === "preview") {
        console.error("error: Could not automatically download and install resource plugin 'pulumi-resource-docker' at version v5.2.0");
        console.error("error: no resource plugin 'pulumi-resource-docker' found");
        process.exit(255);
      }
      console.log("[]");
    `);
      await engine[command]();
      expect(lines.filter((line) => line.includes("--engine embedded"))).toEqual([
        "The Pulumi CLI has no such plugin and cannot download it. Install it, or pass --engine embedded, which needs none.",
      ]);
    },
  );

  it("gets the backend and the passphrase, and does not look for updates", async () => {
    await engineThat(WORKING).up();
    expect(call("up").env).toMatchObject({
      PULUMI_BACKEND_URL: project.backendUrl,
      PULUMI_CONFIG_PASSPHRASE: "test",
      PULUMI_SKIP_UPDATE_CHECK: "true",
    });
  });

  it("does not see the stack file itself, which it would change", async () => {
    const before = readFileSync(project.stackFile, "utf8");
    const engine = engineThat(`
      const file = args[args.indexOf("--config-file") + 1];
      if (args[0] === "up") appendFileSync(file, "encryptionsalt: v1:x\\n");
      ${WORKING}
    `);
    expect(await engine.up()).toBe(true);
    expect(readFileSync(project.stackFile, "utf8")).toBe(before);
    expect(optionsOf(call("up"))).toMatch(/--config-file \S+\/Pulumi\.test\.yaml/);
  });

  it("neither creates nor selects a stack, which would redirect the operator's own commands", async () => {
    await engineThat(WORKING).up();
    const commands = calls().map(({ args }) => args.slice(0, 2).join(" "));
    expect(commands).not.toContain("stack select");
    expect(commands).not.toContain("stack init");
  });

  it("has the outputs of the update that it made", async () => {
    const engine = engineThat(WORKING);
    await engine.up();
    expect(await engine.outputs()).toEqual(OUTPUTS);
  });

  it("has no outputs before there is a state, and is not asked", async () => {
    expect(await engineThat(WORKING).outputs()).toBeUndefined();
    expect(calls()).toEqual([]);
  });

  it("fails with its own words", async () => {
    const engine = engineThat('console.error("error: update failed"); process.exitCode = 255;');
    expect(await engine.up()).toBe(false);
    expect(lines).toContain("error: update failed");
  });

  it.each(["up", "destroy", "preview"] as const)(
    "explains after `%s` what is known about a failure, once for each resource",
    async (command) => {
      const message =
        "1 error occurred:\\n\\t* Unable to create container: Error response from daemon: <{%reset%}>Range of CPUs is from 0.01 to 2.00, as there are only 2 CPUs available\\n";
      const engine = engineThat(`
        if (args[0] === "${command}") {
          for (const [urn, severity] of [["${URN}", "error"], ["${URN}", "error"], ["${URN}2", "warning"], [undefined, "error"]]) {
            emit({ sequence: 1, timestamp: 0, diagnosticEvent: { urn, severity, prefix: "error: ", message: "${message}", color: "never" } });
          }
          emit({ sequence: 2, timestamp: 0, diagnosticEvent: { urn: "${URN}3", severity: "error", message: "update failed", color: "never" } });
          emit({ sequence: 3, timestamp: 0, cancelEvent: {} });
          process.exitCode = 255;
        } else console.log("[]");
      `);
      const result = await engine[command]();
      expect(result).toEqual(command === "preview" ? expect.objectContaining({ succeeded: false }) : false);
      expect(lines.filter((line) => line.startsWith("  ! "))).toEqual([
        [
          "  ! alice-gateway: it may use more CPUs than its host has, which are 2",
          "    -> set `cpus` of the host to 2, which limits every agent there to what exists, or choose a smaller class",
          "    (Unable to create container: Error response from daemon: Range of CPUs is from 0.01 to 2.00, as there are only 2 CPUs available)",
        ].join("\n"),
      ]);
      expect(lines.at(-1)).toMatch(/^ {2}! alice-gateway/);
    },
  );

  it("gives no secret away where it fails", async () => {
    await engineThat(WORKING).up();
    const engine = engineThat(
      'console.log("s3cret"); console.error("error: no access"); process.exitCode = 1;',
    );
    const error: unknown = await engine.outputs().catch((thrown: unknown) => thrown);
    expect(String(error)).toContain("The outputs of stack test cannot be read. error: no access");
    expect(String(error)).not.toContain("s3cret");
  });

  it("previews by its events", async () => {
    const metadata = { op: "update", urn: URN, type: "docker:index/container:Container", diffs: ["image"] };
    const engine = engineThat(`
      emit({ sequence: 1, timestamp: 0, resourcePreEvent: { metadata: ${JSON.stringify(metadata)} } });
      emit({ sequence: 2, timestamp: 0, summaryEvent: { resourceChanges: { same: 7, update: 1 } } });
      emit({ sequence: 3, timestamp: 0, cancelEvent: {} });
    `);
    expect(await engine.preview()).toEqual({
      succeeded: true,
      unchanged: 7,
      changes: [{ op: "update", urn: URN, type: metadata.type, name: "alice-gateway", changed: ["image"] }],
    });
    expect(optionsOf(call("preview"))).toMatch(/--config-file \S+\/Pulumi\.test\.yaml/);
  });

  it("says why a preview failed", async () => {
    const engine = engineThat(`
      emit({ sequence: 1, timestamp: 0, diagnosticEvent: { severity: "error", prefix: "error: ", message: "agents: invalid value" } });
      emit({ sequence: 2, timestamp: 0, cancelEvent: {} });
      process.exitCode = 255;
    `);
    expect(await engine.preview()).toEqual({ succeeded: false, unchanged: 0, changes: [] });
    expect(lines).toEqual(["error: agents: invalid value"]);
  });
});
