import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { isSupportedNode, OLDEST_NODE, refusalOf } from "../../system/node-version.mjs";

const ROOT = join(import.meta.dirname, "../..");

describe("isSupportedNode", () => {
  it.each([
    ["18.20.8", false],
    ["20.20.2", false],
    ["22.17.1", false],
    ["22.18.0", true],
    ["23.5.0", false],
    ["23.6.0", true],
    ["24.0.0", true],
    ["24.21.0", true],
  ])("of %s is %s", (version, expected) => {
    expect(isSupportedNode(version)).toBe(expected);
  });

  it("is what package.json says", () => {
    const { engines } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
    expect(engines.node).toBe(`>=${OLDEST_NODE}`);
  });
});

/** Runs an entry point as if on an old Node, with the loader that Pulumi.yaml names. */
const runOnOldNode = (entry: string) =>
  spawnSync(
    process.execPath,
    [
      "--import",
      'data:text/javascript,Object.defineProperty(process, "versions", { value: { ...process.versions, node: "20.20.2" } })',
      "--import",
      "tsx",
      join(ROOT, entry),
    ],
    { cwd: ROOT, encoding: "utf8" },
  );

describe.each(["index.ts", "cli/main.ts"])("%s on a Node that is too old", (entry) => {
  it("says so in one sentence and ends, before anything else is evaluated", () => {
    const { stdout, stderr, status } = runOnOldNode(entry);
    expect(stderr).toBe(`${refusalOf("20.20.2")}\n`);
    expect(refusalOf("20.20.2")).toBe(
      "Node 20.20.2 is too old for this program: install Node 22.18 or newer, or start it with `npm run`, which brings its own.",
    );
    expect({ stdout, status }).toEqual({ stdout: "", status: 32 });
  });

  it("imports the check first", () => {
    const imports = readFileSync(join(ROOT, entry), "utf8").match(/^import .*$/gm);
    expect(imports?.[0]).toMatch(/system\/require-node\.mjs";$/);
  });
});
