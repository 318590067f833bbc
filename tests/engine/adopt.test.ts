/** Whole runs of a real program in a process of its own. */
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type AdoptOptions, adopt, preview, readOutputs, type Stack } from "pulumi-embedded-engine";
import { Backend, Crypter } from "pulumi-embedded-engine/state";
import { createUrn } from "pulumi-embedded-engine/urn";
import { reveal } from "pulumi-embedded-engine/values";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

/** Each test starts several processes, which take long on a busy machine. */
vi.setConfig({ testTimeout: 300_000 });

const ROOT = dirname(dirname(import.meta.dirname));
const crypter = Crypter.create("x");
const SLOT = createUrn("s", "p", "pulumi:index:Stash", "slot");

/** Plans with what it is told, as a program does that numbers its resources. */
const PROGRAM = `
  import * as pulumi from "@pulumi/pulumi";
  const { outputs } = await pulumi.runtime.invoke("pulumi:pulumi:readStackResourceOutputs", { stackName: "o/p/s" });
  const input = outputs["${SLOT}"]?.outputs.output ?? "new";
  const hook = new pulumi.ResourceHook("never", () => { throw new Error("a hook ran"); });
  const slot = new pulumi.Stash("slot", { input }, { hooks: { afterCreate: [hook] } });
  new pulumi.Stash("other", { input: slot.output });
  export const value = slot.output;
`;

let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "engine-adopt-"));
  symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
  writeFileSync(join(folder, "Pulumi.yaml"), "name: p\nruntime: nodejs\n");
  writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module", main: "index.ts" }));
  writeFileSync(join(folder, "index.ts"), PROGRAM);
});
afterEach(() => rmSync(folder, { recursive: true }));

const stack = (): Stack => ({
  backend: new Backend(join(folder, ".pulumi"), "p", "s"),
  crypter,
  folder,
  config: {},
  secretKeys: [],
});

const observed: Awaited<ReturnType<AdoptOptions["observe"]>> = {
  resources: [{ urn: SLOT, type: "pulumi:index:Stash", outputs: { output: "seen" } }],
  gone: new Set(),
  recall: ({ name }) => (name === "slot" ? "seen" : undefined),
};
const options = (more: Partial<AdoptOptions> = {}): AdoptOptions => ({
  listen: () => {},
  parallel: 4,
  identity: [],
  observe: async () => observed,
  agree: async () => {},
  ...more,
});

describe("an adoption", () => {
  it("writes what was found, so that the next preview shows only what was not", async () => {
    const result = await adopt(stack(), options());
    expect(result).toMatchObject({
      isSaved: true,
      errors: [],
      adopted: [{ name: "slot", differing: [] }],
      missing: [{ name: "other" }],
    });
    const { changes } = await preview(stack(), { listen: () => {}, parallel: 4 });
    expect(changes.filter(({ op }) => op !== "same").map(({ op, name }) => `${op} ${name}`)).toEqual([
      "create other",
    ]);
    expect(reveal(await readOutputs(stack()))).toEqual({ value: "seen" });
    const again = await adopt(stack(), options());
    expect([again.isSaved, again.adopted]).toEqual([false, []]);
  });

  it("holds the lock while it asks, and writes nothing unless it may", async () => {
    let question: unknown;
    const agree = async (): Promise<void> => {
      question = await adopt(stack(), options()).catch((error: Error) => error.name);
      throw new Error("no");
    };
    await expect(adopt(stack(), options({ agree }))).rejects.toThrow("no");
    expect(question).toBe("LockedError");
    expect(stack().backend.exists()).toBe(false);
    expect(() => stack().backend.lock()()).not.toThrow();
  });

  it("writes nothing where there is nothing to adopt, or where the program fails", async () => {
    expect(await adopt(stack(), options({ observe: async () => undefined }))).toMatchObject({
      isSaved: false,
    });
    writeFileSync(join(folder, "index.ts"), `${PROGRAM}\nthrow new Error("it broke");`);
    const failed = await adopt(stack(), options());
    expect([failed.isSaved, failed.errors]).toEqual([false, ["the program failed"]]);
    expect(stack().backend.exists()).toBe(false);
  });
});
