/** Whole runs of a real program in a process of its own. */
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { destroy, preview, type RunResult, readOutputs, type Stack, up } from "pulumi-embedded-engine";
import { Backend, Crypter } from "pulumi-embedded-engine/state";
import { nameOf } from "pulumi-embedded-engine/urn";
import { reveal } from "pulumi-embedded-engine/values";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Event } from "../../engine/events.ts";

/** Each test starts several processes, which take long on a busy machine. */
vi.setConfig({ testTimeout: 300_000 });

const ROOT = dirname(dirname(import.meta.dirname));
const crypter = Crypter.create("x");

let folder = "";
let events: Event[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "engine-run-"));
  events = [];
  symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
  writeFileSync(join(folder, "Pulumi.yaml"), "name: p\nruntime: nodejs\n");
  writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module", main: "index.ts" }));
});
afterEach(() => rmSync(folder, { recursive: true }));

const program = (body: string): void =>
  writeFileSync(
    join(folder, "index.ts"),
    `import * as pulumi from "@pulumi/pulumi";\nconst config = new pulumi.Config();\n${body}\n`,
  );

const stack = (): Stack => ({
  backend: new Backend(join(folder, ".pulumi"), "p", "s"),
  crypter,
  folder,
  config: { "p:value": "one" },
  secretKeys: [],
});

const run = (operation: typeof up): Promise<RunResult> =>
  operation(stack(), { parallel: 4, listen: (event) => events.push(event) });

const changesOf = ({ changes }: RunResult): string[] =>
  changes.filter(({ op }) => op !== "same").map(({ op, name }) => `${op} ${name}`);

const namesInState = async (): Promise<string[]> =>
  stack()
    .backend.load(await crypter)
    .resources.map(({ urn }) => nameOf(urn))
    .toSorted();

const TWO = `
  const first = new pulumi.Stash("first", { input: config.require("value") });
  const second = new pulumi.Stash("second", { input: first.output });
  export const value = second.output;
`;

describe("a run", () => {
  it("runs the program in a process group of its own, which no signal from a terminal reaches", async () => {
    program(`
      import { readFileSync } from "node:fs";
      const [, group] = readFileSync("/proc/self/stat", "utf8").split(") ")[1].slice(2).split(" ");
      export const leads = Number(group) === process.pid;
    `);
    await run(up);
    expect(reveal(await readOutputs(stack()))).toEqual({ leads: true });
  });

  it("keeps the last run's outputs where the program fails, and drops them where it no longer has any", async () => {
    program(TWO);
    expect(await run(up)).toMatchObject({ succeeded: true });
    program('throw new pulumi.RunError("refused");');
    expect(await run(up)).toMatchObject({ succeeded: false });
    expect(reveal(await readOutputs(stack()))).toEqual({ value: "one" });
    program('new pulumi.Stash("first", { input: config.require("value") });');
    expect(await run(up)).toMatchObject({ succeeded: true });
    expect(reveal(await readOutputs(stack()))).toEqual({});
  });

  it("creates what the program registers, has nothing to do the second time, and deletes it again", async () => {
    program(TWO);
    expect(changesOf(await run(preview))).toEqual(["create p-s", "create first", "create second"]);
    expect(stack().backend.exists()).toBe(false);
    expect(await run(up)).toMatchObject({ succeeded: true, errors: [] });
    expect(reveal(await readOutputs(stack()))).toEqual({ value: "one" });
    expect(await namesInState()).toEqual(["default", "first", "p-s", "second"]);
    const again = await run(preview);
    expect([again.succeeded, changesOf(again)]).toEqual([true, []]);
    expect(changesOf(await run(destroy))).toEqual(["delete second", "delete first", "delete p-s"]);
    expect(await namesInState()).toEqual([]);
  });

  it("deletes nothing that a program which fails did not register", async () => {
    program(TWO);
    await run(up);
    program(`new pulumi.Stash("first", { input: "other" });\nthrow new Error("it broke");`);
    for (const operation of [preview, up]) {
      const result = await run(operation);
      expect(result.succeeded).toBe(false);
      expect(changesOf(result)).not.toContain("delete second");
    }
    expect(await namesInState()).toEqual(["default", "first", "p-s", "second"]);
    expect(JSON.stringify(events)).toContain("it broke");
  });

  it("calls the program's hooks, and refuses what it does not implement by name", async () => {
    program(`
      const hook = new pulumi.ResourceHook("log", ({ id, newOutputs }) => {
        console.log("hook", id !== "", newOutputs.output);
      });
      new pulumi.Stash("first", { input: "x" }, { hooks: { afterCreate: [hook] } });
      new pulumi.Stash("second", { input: "x" }, { hooks: { beforeCreate: [hook] } });
    `);
    expect((await run(up)).succeeded).toBe(false);
    const texts = events.flatMap((event) => (event.kind === "message" ? [event.text] : []));
    expect(texts).toContain("hook true x");
    expect(texts.join("\n")).toContain(
      "second: the embedded engine does not implement hooks that run before",
    );
  });

  it("names what the program could not register because of a step that failed, without the SDK's stack traces", async () => {
    program(`
      const hook = new pulumi.ResourceHook("refuse", () => { throw new Error("refused"); });
      const first = new pulumi.Stash("first", { input: "x" }, { hooks: { afterCreate: [hook] } });
      const second = new pulumi.Stash("second", { input: first.output });
      new pulumi.Stash("third", { input: second.output });
      new pulumi.Stash("fourth", { input: "x" }, { dependsOn: [first] });
      new pulumi.Stash("apart", { input: "x" });
    `);
    expect((await run(up)).succeeded).toBe(false);
    const named = events.flatMap((event) =>
      event.kind === "unregistered" ? [event.name] : event.kind === "skipped" ? [nameOf(event.urn)] : [],
    );
    expect(named.toSorted()).toEqual(["fourth", "second", "third"]);
    expect(events.filter(({ kind }) => kind === "failed")).toHaveLength(1);
    const shown = events.flatMap((event) =>
      event.kind === "message" && event.severity !== "debug" ? [event.text] : [],
    );
    expect(shown.join("\n")).not.toContain("failed to register");
    expect(await namesInState()).toContain("apart");
  });
});
