/** The engine's decisions on resource types that need nothing outside: what is created, changed, replaced, deleted, and in which order. */
import { describe, expect, it } from "vitest";
import type { Goal } from "../../engine/goal.ts";
import { stateKey } from "../../engine/state/journal.ts";
import { secret, UNKNOWN } from "../../engine/values.ts";
import { run, start, stateAfter } from "./support/deployments.ts";
import { BYTES, goal, urn } from "./support/goals.ts";

describe("a deployment", () => {
  it("creates what is new, and then has nothing to do", async () => {
    const goals = [goal("a", { input: 1 }), goal("b", { length: 4 }, { type: BYTES })];
    const first = await run(goals);
    expect(first.changes()).toEqual(["create a", "create b"]);
    const second = await run(goals, first.resources());
    expect(second.changes()).toEqual([]);
    expect(second.entries).toEqual([]);
    expect(second.table.snapshot()).toEqual(first.table.snapshot());
  });

  it("previews the same changes without making any, with unknown results", async () => {
    const { deployment, entries, changes } = start([], { dryRun: true });
    const { outputs } = await deployment.register(goal("b", { length: 4 }, { type: BYTES }));
    expect(changes()).toEqual(["create b"]);
    expect(outputs).toEqual({ length: 4 });
    expect(entries).toEqual([]);
  });

  it("changes in place what can be, and keeps the rest of it", async () => {
    const state = await stateAfter([goal("a", { input: 1 })]);
    const { resources, changes } = await run([goal("a", { input: 2 })], state);
    expect(changes()).toEqual(["update a"]);
    expect(resources()[0]).toMatchObject({
      id: state[0]?.id,
      outputs: { input: 2, output: 1 },
    });
  });

  it("replaces on changes that ask for it: the new one first, the old one at the end", async () => {
    const wanted = { replaceOnChanges: ["input"] };
    const state = await stateAfter([goal("a", { input: 1 }, wanted)]);
    const { resources, entries, changes } = await run([goal("a", { input: 2 }, wanted)], state);
    expect(changes()).toEqual(["replace a"]);
    expect(resources()).toMatchObject([{ outputs: { input: 2, output: 2 } }]);
    expect(entries.map(({ op }) => op)).toEqual(["begin", "set", "remove"]);
    expect(entries.at(-1)).toMatchObject({ id: state[0]?.id });
  });

  it("with deleteBeforeReplace removes the old one first, and what cannot live without it before that", async () => {
    const before = { deleteBeforeReplace: true };
    const goals = (length: number): Goal[] => [
      goal("base", { length }, { type: BYTES, ...before }),
      goal(
        "user",
        { length: 2 },
        {
          type: BYTES,
          ...before,
          dependencies: [urn("base", BYTES)],
          propertyDependencies: { length: [urn("base", BYTES)] },
        },
      ),
      goal("bystander", { input: 1 }, { dependencies: [urn("base", BYTES)] }),
    ];
    const { entries, changes } = await run(goals(8), await stateAfter(goals(4)));
    expect(changes()).toEqual(["replace base", "replace user"]);
    const steps = entries.map((entry) =>
      entry.op === "remove" || entry.op === "abort"
        ? `${entry.op} ${entry.urn}`
        : entry.op === "set"
          ? `set ${entry.state.urn}`
          : `begin ${entry.pending.resource.urn}`,
    );
    expect(steps).toEqual([
      `remove ${urn("user", BYTES)}`,
      `remove ${urn("base", BYTES)}`,
      `begin ${urn("base", BYTES)}`,
      `set ${urn("base", BYTES)}`,
      `begin ${urn("user", BYTES)}`,
      `set ${urn("user", BYTES)}`,
    ]);
  });

  it("previews that same chain of replacements", async () => {
    const chain = (length: number): Goal[] => [
      goal("base", { length }, { type: BYTES, deleteBeforeReplace: true }),
      goal("user", { length: 2 }, { type: BYTES, propertyDependencies: { length: [urn("base", BYTES)] } }),
    ];
    const { changes } = await run(chain(8), await stateAfter(chain(4)), { dryRun: true });
    expect(changes()).toEqual(["replace base", "replace user"]);
  });

  it("recreates a resource with init errors if replaceOnChanges lists #initerror, and updates it otherwise", async () => {
    const half = (await stateAfter([goal("a", { input: 1 })])).map((state) => ({
      ...state,
      initErrors: ["it did not start"],
    }));
    expect(
      (await run([goal("a", { input: 1 }, { replaceOnChanges: ["#initerror"] })], half)).changes(),
    ).toEqual(["replace a"]);
    const updated = await run([goal("a", { input: 1 })], half);
    expect(updated.changes()).toEqual(["update a"]);
    expect(updated.resources()[0]?.initErrors).toBeUndefined();
  });

  it("deletes what is no longer registered, dependents first", async () => {
    const goals = [
      goal("a", { input: 1 }),
      goal("b", { input: 1 }, { dependencies: [urn("a")] }),
      goal("c", { input: 1 }, { dependencies: [urn("b")] }),
    ];
    const { changes, resources } = await run([], await stateAfter(goals));
    expect(changes()).toEqual(["delete c", "delete b", "delete a"]);
    expect(resources()).toEqual([]);
  });

  it("refuses to remove or replace what is protected, and what it needs with it", async () => {
    const goals = [
      goal("a", { input: 1 }),
      goal("b", { input: 1 }, { dependencies: [urn("a")], protect: true }),
    ];
    const { deployment, resources } = await run([], await stateAfter(goals));
    expect(deployment.errors).toEqual([
      "b: it is protected and would be deleted; remove `protect` first if that is intended",
    ]);
    expect(resources()).toHaveLength(2);
    const replaced = await run(
      [goal("a", { length: 5 }, { type: BYTES, protect: true })],
      await stateAfter([goal("a", { length: 4 }, { type: BYTES, protect: true })]),
    );
    expect(replaced.deployment.errors[0]).toMatch(/protected and would be replaced/);
  });

  it("reports what only leaves the state as retained", async () => {
    const { deployment } = await run(
      [],
      await stateAfter([goal("a", { input: 1 }, { retainOnDelete: true })]),
    );
    expect(deployment.changes).toMatchObject([{ op: "delete", name: "a", retained: true }]);
  });

  it("leaves ignored changes alone", async () => {
    const state = await stateAfter([goal("a", { input: 1 })]);
    const { changes, resources } = await run([goal("a", { input: 2 }, { ignoreChanges: ["input"] })], state);
    expect(changes()).toEqual([]);
    expect(resources()[0]?.inputs).toEqual({ input: 1 });
  });

  it("finds a resource under its earlier name", async () => {
    const state = await stateAfter([goal("before", { input: 1 })]);
    const { changes, resources, entries } = await run(
      [goal("after", { input: 1 }, { aliases: [urn("before")] })],
      state,
    );
    expect(changes()).toEqual([]);
    expect(resources()).toMatchObject([{ urn: urn("after"), id: state[0]?.id }]);
    expect(entries).toMatchObject([{ op: "set", state: { urn: urn("after") }, formerUrn: urn("before") }]);
  });

  it("goes on past a failure, leaves what depends on it as it was, and keeps what that needs", async () => {
    const goals = [
      goal("good", { input: 1 }),
      goal("bad", { input: 1 }, { dependencies: [urn("dropped")] }),
      goal("user", { input: 1 }, { dependencies: [urn("bad")] }),
    ];
    const state = await stateAfter([goal("dropped", { input: 1 }), ...goals]);
    const { deployment, changes, events, resources } = await run(
      [
        goal("good", { input: 2 }),
        goal("bad", { unheard: 1 }),
        goal("user", { input: 2 }, { dependencies: [urn("bad")] }),
      ],
      state,
    );
    expect(changes()).toEqual(["update good"]);
    expect(deployment.errors).toEqual([
      "bad: the embedded engine does not implement unheard of pulumi:index:Stash; use the Pulumi CLI",
    ]);
    expect(events).toContainEqual({ kind: "skipped", urn: urn("user"), because: urn("bad") });
    expect(resources()).toEqual(
      expect.arrayContaining(state.filter(({ urn: each }) => each !== urn("good"))),
    );
    expect(resources()).toHaveLength(4);
  });

  it("refuses a type that it does not know, but previews it", async () => {
    const foreign = goal("x", { any: 1 }, { type: "hcloud:index/server:Server" });
    expect((await run([foreign])).deployment.errors[0]).toMatch(
      /does not manage the type hcloud:index\/server:Server/,
    );
    expect((await run([foreign], [], { dryRun: true })).changes()).toEqual(["create x"]);
  });

  it("journals an intention before it acts and the result after", async () => {
    const { entries } = await run([goal("a", { input: 1 })]);
    expect(entries.map(({ op }) => op)).toEqual(["begin", "set"]);
  });

  it("keeps a resource whose hook failed, with the error", async () => {
    const runHooks = async (names: readonly string[]): Promise<void> => {
      if (names.includes("limit")) throw new Error("no limit");
    };
    const { deployment, resources } = start([], { runHooks });
    await deployment.register(goal("a", { input: 1 }, { hooks: { afterCreate: ["limit"] } }));
    expect(deployment.errors).toEqual(["a: no limit"]);
    expect(resources()[0]?.initErrors).toEqual(["no limit"]);
  });

  it("marks outputs secret that come from secret inputs or are secret by their nature", async () => {
    const [stash, bytes] = await stateAfter([
      goal("a", { input: secret("x") }),
      goal("b", { length: 4 }, { type: BYTES }),
    ]);
    expect(stash?.outputs?.["input"]).toEqual(secret("x"));
    expect(JSON.stringify(bytes?.outputs?.["hex"])).toContain("1b47061264138c4ac30d75fd1eb44270");
  });

  it("begins nothing new once it is interrupted", async () => {
    const { deployment, events, abort, resources } = start();
    await deployment.register(goal("a", { input: 1 }));
    abort();
    expect((await deployment.register(goal("b", { input: 1 }))).result).toBe("skipped");
    expect(events.at(-1)).toMatchObject({ kind: "skipped", because: "the run was interrupted" });
    expect(resources().map(stateKey)).toEqual([urn("a")]);
  });

  it("treats an unknown value as a change", async () => {
    const state = await stateAfter([goal("a", { input: 1 })]);
    expect((await run([goal("a", { input: UNKNOWN })], state, { dryRun: true })).changes()).toEqual([
      "update a",
    ]);
  });

  it("deletes nothing that a program which failed did not register", async () => {
    for (const dryRun of [true, false]) {
      const state = await stateAfter([goal("a", { input: 1 }), goal("b", { input: 1 })]);
      const { deployment, changes, resources } = start(state, { dryRun });
      await deployment.register(goal("a", { input: 2 }));
      await deployment.finish(false);
      expect(changes()).toEqual(["update a"]);
      expect(resources()).toHaveLength(2);
    }
  });

  it("deletes nothing more once it is interrupted, and says so", async () => {
    const { deployment, abort, resources } = start(await stateAfter([goal("a", { input: 1 })]));
    abort();
    await deployment.finish(true);
    expect(deployment.errors).toEqual(["a: the run was interrupted"]);
    expect(resources()).toHaveLength(1);
  });

  it("keeps what a failed deletion depends on", async () => {
    const foreign = { dependencies: [urn("base")], type: "hcloud:index/server:Server" };
    const state = await stateAfter([goal("base", { input: 1 })]);
    const server = { urn: urn("server", foreign.type), custom: true, id: "1", ...foreign };
    const { deployment, resources } = await run([], [...state, server]);
    expect(deployment.errors).toEqual([expect.stringMatching(/^server: .*does not manage the type/)]);
    expect(resources()).toHaveLength(2);
  });

  it("refuses a replacement that would delete a protected dependent, and deletes nothing", async () => {
    const goals = (length: number): Goal[] => [
      goal("base", { length }, { type: BYTES, deleteBeforeReplace: true }),
      goal(
        "user",
        { length: 2 },
        { type: BYTES, protect: true, propertyDependencies: { length: [urn("base", BYTES)] } },
      ),
    ];
    for (const dryRun of [true, false]) {
      const state = await stateAfter(goals(4));
      const { deployment, resources, entries } = await run(goals(8), state, { dryRun });
      expect(deployment.errors).toEqual([
        "base: its replacement would replace user, which is protected; remove `protect` first if that is intended",
      ]);
      expect([resources(), entries]).toEqual([state, []]);
    }
  });
});
