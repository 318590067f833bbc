import { describe, expect, it } from "vitest";
import { Adoption, type AdoptionOptions } from "../../engine/adoption.ts";
import type { Goal } from "../../engine/goal.ts";
import type { PendingOperation, ResourceState } from "../../engine/state/checkpoint.ts";
import { createProviderReference } from "../../engine/urn.ts";
import { isSecret, reveal, secret, UNKNOWN, type Value } from "../../engine/values.ts";
import { stateAfter } from "./support/deployments.ts";
import { BYTES, goal, urn } from "./support/goals.ts";

const component = (name: string, inputs = {}): Goal =>
  goal(name, inputs, { type: "t:index:Component", custom: false });

interface Before {
  readonly resources?: readonly ResourceState[];
  readonly pending?: readonly PendingOperation[];
  readonly gone?: AdoptionOptions["gone"];
}

/** @param values by name */
function adoption(
  values: Readonly<Record<string, Value>>,
  { resources = [], pending = [], gone = new Set() }: Before = {},
): Adoption {
  return new Adoption(
    { resources, pending },
    { listen: () => {}, parallel: 4, identity: [], gone, recall: ({ name }) => values[name] },
  );
}

const statesOf = (run: Adoption): Record<string, ResourceState> =>
  Object.fromEntries(run.snapshot().resources.map((state) => [state.urn.split("::").at(-1) ?? "", state]));

describe("an adoption", () => {
  it("records what was found as its creation would have", async () => {
    const run = adoption({ slot: "a", token: "00ff" });
    const token = goal("token", { length: 2 }, { type: BYTES });
    const answers = [await run.register(goal("slot", { input: "a" })), await run.register(token)];
    expect(answers.map(({ outputs }) => reveal(outputs))).toEqual([
      { input: "a", output: "a" },
      { base64: "AP8=", hex: "00ff", keepers: null, length: 2 },
    ]);
    const { slot, token: bytes } = statesOf(run);
    expect(slot).toMatchObject({ inputs: { input: "a" }, outputs: { input: "a", output: "a" } });
    expect(bytes).toMatchObject({ id: "AP8=", inputs: { length: 2 } });
    expect(isSecret(bytes?.outputs?.["hex"])).toBe(true);
    expect(run.result.adopted.map(({ name, differing }) => [name, differing])).toEqual([
      ["slot", []],
      ["token", []],
    ]);
  });

  it("records a difference as it is, and answers the program as a preview would", async () => {
    const run = adoption({ slot: "other" });
    const answer = await run.register(goal("slot", { input: "asked" }));
    expect(answer).toEqual({ result: "success", id: "", outputs: { input: "asked" } });
    expect(statesOf(run)["slot"]).toMatchObject({ inputs: { input: "other" }, outputs: { output: "other" } });
    expect(run.result.adopted[0]?.differing).toEqual(["input"]);
  });

  it("keeps secret what is secret where it was asked for", async () => {
    const run = adoption({ slot: "other" });
    await run.register(goal("slot", { input: secret("asked") }));
    const { inputs = {} } = statesOf(run)["slot"] ?? {};
    expect([isSecret(inputs["input"]), reveal(inputs)]).toEqual([true, { input: "other" }]);
  });

  it.each([
    ["of an unknown value", {}],
    ["of bytes of another length", { token: "00ff00" }],
    ["of what are no bytes", { token: "00ffzz" }],
  ])("creates nothing %s, and says what is missing", async (_, values) => {
    const run = adoption(values);
    await run.register(goal("token", { length: 2 }, { type: BYTES }));
    await run.register(goal("server", {}, { type: "cloud:index:Server" }));
    expect(run.snapshot().resources).toEqual([]);
    expect(run.result).toMatchObject({ adopted: [], errors: [] });
    expect(run.result.missing.map(({ name }) => name)).toEqual(["token", "server"]);
  });

  it("records components and providers, which exist in the state alone, without what is not known yet", async () => {
    const run = adoption({});
    await run.register(component("host", { address: UNKNOWN, size: 1 }));
    const providers = ["known", "unknown"].map((name) =>
      goal(name, { host: name === "known" ? "unix:///x" : UNKNOWN }, { type: "pulumi:providers:docker" }),
    );
    for (const each of providers) await run.register(each);
    expect(Object.keys(statesOf(run))).toEqual(["host", "known"]);
    expect(statesOf(run)["host"]?.inputs).toEqual({ size: 1 });
    expect(run.result.missing.map(({ name }) => name)).toEqual(["unknown"]);
  });

  it("needs nothing that is not there", async () => {
    const [host, missing] = [urn("host", "t:index:Component"), urn("missing")];
    const run = adoption({ slot: "a" });
    await run.register(component("host"));
    await run.register(goal("missing", { input: 1 }));
    await run.register(
      goal(
        "slot",
        { input: "a" },
        {
          parent: host,
          dependencies: [host, missing],
          propertyDependencies: { input: [missing] },
          deletedWith: missing,
          replaceWith: [missing],
        },
      ),
    );
    const { slot } = statesOf(run);
    expect(slot).toMatchObject({ parent: host, dependencies: [host], propertyDependencies: { input: [] } });
    expect([slot?.deletedWith, slot?.replaceWith]).toEqual([undefined, []]);
  });

  it("does not look for an object whose provider does not know where it is", async () => {
    const run = adoption({});
    const provider = createProviderReference(urn("p", "pulumi:providers:docker"), "1");
    await run.register(goal("net", { name: "n" }, { type: "docker:index/network:Network", provider }));
    expect(run.result).toMatchObject({ errors: [], missing: [{ name: "net" }] });
  });
});

const known = await stateAfter([goal("slot", { input: "a" })]);

describe("what the state knows", () => {
  it("stays as it is, whatever the program asks for", async () => {
    const run = adoption({ slot: "b" }, { resources: known });
    const answer = await run.register(goal("slot", { input: "b" }));
    expect(answer).toMatchObject({ id: known[0]?.id, outputs: { input: "b", output: "a" } });
    expect(run.snapshot().resources).toEqual(known);
    expect(run.result).toEqual({ adopted: [], missing: [], errors: [] });
  });

  it("is answered as a preview would, where it will be replaced", async () => {
    const run = adoption({}, { resources: known });
    const replacing = goal("slot", { input: "b" }, { replaceOnChanges: ["input"] });
    expect(await run.register(replacing)).toEqual({ result: "success", id: "", outputs: { input: "b" } });
    expect(run.snapshot().resources).toEqual(known);
  });

  it("is looked for where another has taken its place, and kept if it is not found", async () => {
    const gone = new Set([urn("slot")]);
    const found = adoption({ slot: "b" }, { resources: known, gone });
    await found.register(goal("slot", { input: "b" }));
    expect(found.snapshot().resources.map(({ outputs }) => outputs?.["output"])).toEqual(["b"]);
    const lost = adoption({}, { resources: known, gone });
    await lost.register(goal("slot", { input: "b" }));
    expect(lost.snapshot().resources).toEqual(known);
    expect(lost.result.missing).toEqual([]);
  });

  it("stays pending, unless it was found", async () => {
    const pending = ["slot", "other"].map((name): PendingOperation => {
      const [state] = known;
      if (state === undefined) throw new Error("nothing is known");
      return { type: "creating", resource: { ...state, urn: urn(name) } };
    });
    const run = adoption({ slot: "a" }, { pending });
    await run.register(goal("slot", { input: "a" }));
    expect(run.snapshot().pending.map(({ resource }) => resource.urn)).toEqual([urn("other")]);
  });

  it("gets the stack's outputs of now, but for what is not known yet", async () => {
    const type = "pulumi:pulumi:Stack";
    const stack: ResourceState = { urn: urn("p-s", type), custom: false, type, outputs: { a: 1, b: 2 } };
    const run = adoption({}, { resources: [stack] });
    run.registerOutputs(stack.urn, { a: { x: UNKNOWN }, b: 3 });
    expect(run.snapshot().resources[0]?.outputs).toEqual({ a: 1, b: 3 });
  });
});
