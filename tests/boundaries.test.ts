import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
// @ts-expect-error: a configuration in JavaScript, without types
import configuration from "../.dependency-cruiser.mjs";

const ROOT = join(import.meta.dirname, "..");
const DEPCRUISE = join(ROOT, "node_modules/dependency-cruiser/bin/dependency-cruiser.mjs");

const value = (path: string): string => `import ${JSON.stringify(path)};`;
const type = (path: string): string => `import type { T } from ${JSON.stringify(path)};`;

/** What each rule reports: a file, and the import in it. */
const REPORTED: readonly (readonly [rule: string, file: string, code: string])[] = [
  ["no-cycles", "fleet/placement/one.ts", type("./two.ts")],
  ["resolved", "cli/typo.ts", value("not-installed")],
  ["every-folder-has-boundaries", "newcomer/a.ts", value("../fleet/target.ts")],
  ["openclaw-imports", "openclaw/a.ts", type("../fleet/target.ts")],
  ["openclaw-packages", "openclaw/b.ts", value("yaml")],
  ["openclaw-without-node", "openclaw/c.ts", value("node:fs/promises")],
  ["fleet-imports", "fleet/a.ts", type("../system/target.ts")],
  ["fleet-packages", "fleet/config/b.ts", type("@pulumi/pulumi")],
  ["fleet-without-node", "fleet/c.ts", value("fs")],
  ["report-imports", "report/a.ts", value("../stacks/state.ts")],
  ["report-packages", "report/b.ts", value("zod")],
  ["report-without-node", "report/c.ts", value("node:fs")],
  ["docker-imports", "docker/a.ts", value("../system/target.ts")],
  ["engine-imports", "engine/a.ts", type("../reader/target.ts")],
  ["reader-imports", "reader/a.ts", type("../fleet/target.ts")],
  ["reader-packages", "reader/b.ts", value("yaml")],
  ["reader-without-node", "reader/c.ts", value("node:fs")],
  ["schema-imports", "schema/a.ts", value("../stacks/target.ts")],
  ["schema-packages", "schema/b.ts", value("yaml")],
  ["system-imports", "system/a.ts", value("../fleet/target.ts")],
  ["system-packages", "system/b.ts", value("yaml")],
  ["images-imports", "images/a.ts", value("../reader/target.ts")],
  ["images-imports-types-only", "images/b.ts", value("../fleet/target.ts")],
  ["images-packages", "images/c.ts", value("yaml")],
  ["components-imports", "components/a.ts", value("../system/target.ts")],
  ["components-packages", "components/b.ts", value("yaml")],
  ["components-decide-nothing", "components/c.ts", value("../fleet/config/rules/agents.ts")],
  ["stacks-imports", "stacks/a.ts", value("../system/target.ts")],
  ["stacks-imports-types-only", "stacks/b.ts", value("../reader/target.ts")],
  ["stacks-packages", "stacks/c.ts", value("yaml")],
  ["workspace-imports", "workspace/a.ts", value("../stacks/main.ts")],
  ["operations-imports", "operations/a.ts", value("../cli/target.ts")],
  ["operations-imports-types-only", "operations/b.ts", value("../reader/target.ts")],
  ["cli-imports", "cli/a.ts", value("../components/target.ts")],
  ["cli-does-not-run-the-program", "cli/b.ts", value("../stacks/main.ts")],
  ["examples-imports", "examples/consumer/a.ts", value("../../fleet/target.ts")],
  ["index-imports", "index.ts", value("./components/target.ts")],
  ["only-tests-and-bench-import-tests", "cli/c.ts", value("../tests/support.ts")],
  ["pure-core-reaches-nothing-impure", "report/far.ts", value("../fleet/impure.ts")],
  ["engine-does-not-reach-the-fleet", "engine/far.ts", value("../docker/near-the-fleet.ts")],
];

/** What no rule reports. */
const ALLOWED: readonly (readonly [file: string, code: string])[] = [
  ["fleet/ok.ts", value("../openclaw/target.ts") + value("zod")],
  ["report/ok.ts", value("../fleet/target.ts")],
  ["engine/ok.ts", value("docker-connection") + value("node:fs") + value("yaml")],
  ["images/ok.ts", type("../fleet/target.ts") + value("../system/target.ts")],
  ["components/ok.ts", value("../system/run.ts") + value("@pulumi/pulumi") + value("docker-connection")],
  ["stacks/ok.ts", value("../components/target.ts") + type("../reader/target.ts")],
  ["workspace/ok.ts", value("../engine/ok.ts") + value("../stacks/state.ts")],
  ["operations/ok.ts", value("../workspace/ok.ts") + value("../images/ok.ts")],
  ["cli/ok.ts", value("../operations/ok.ts") + value("../reader/target.ts")],
  ["examples/consumer/ok.ts", value("../../reader/target.ts")],
  ["bench/ok.ts", value("../tests/support.ts") + value("../components/target.ts")],
];

/** Only there to be imported. */
const FOLDERS = ["openclaw", "fleet", "docker", "system", "reader", "components", "cli"];
const OTHERS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(FOLDERS.map((folder) => [`${folder}/target.ts`, "export type T = 1;"])),
  "fleet/placement/two.ts": type("./one.ts"),
  "fleet/config/rules/agents.ts": "",
  "fleet/impure.ts": value("node:child_process"),
  "docker/near-the-fleet.ts": value("../fleet/target.ts"),
  "docker/package.json": JSON.stringify({ name: "docker-connection", exports: "./target.ts" }),
  "system/run.ts": "",
  "stacks/main.ts": "",
  "stacks/target.ts": "",
  "stacks/state.ts": "",
  "tests/support.ts": "",
  ...Object.fromEntries(
    ["zod", "yaml", "@pulumi/pulumi"].map((name) => [`node_modules/${name}/index.js`, "export {};"]),
  ),
};

interface Violation {
  readonly rule: { readonly name: string };
  readonly from: string;
}

describe("the boundaries of the folders", () => {
  let folder: string;
  let violations: readonly Violation[];

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "agent-fleet-boundaries-"));
    const files = [...Object.entries(OTHERS), ...ALLOWED, ...REPORTED.map(([, file, code]) => [file, code])];
    for (const [file = "", code = ""] of files) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), code);
    }
    // As npm links the packages of a workspace.
    symlinkSync("../docker", join(folder, "node_modules/docker-connection"));
    const options = ["--config", join(ROOT, ".dependency-cruiser.mjs"), "--output-type", "json"];
    const { stdout, stderr } = spawnSync(process.execPath, [DEPCRUISE, ...options, "."], {
      cwd: folder,
      encoding: "utf8",
      maxBuffer: 2 ** 26,
    });
    expect(stderr).toBe("");
    violations = (JSON.parse(stdout) as { summary: { violations: Violation[] } }).summary.violations;
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const rulesBroken = (file: string): string[] =>
    violations.filter(({ from }) => from === file).map(({ rule }) => rule.name);

  it.each(REPORTED)("%s reports %s", (rule, file) => {
    expect(rulesBroken(file)).toContain(rule);
  });

  it.each(ALLOWED)("leave %s alone", (file) => {
    expect(rulesBroken(file)).toEqual([]);
  });

  it("have a case for each rule", () => {
    const rules = (configuration.forbidden as readonly { readonly name: string }[]).map(({ name }) => name);
    expect(REPORTED.map(([rule]) => rule).toSorted()).toEqual(rules.toSorted());
  });
});
