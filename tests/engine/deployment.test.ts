/** The engine's decisions, on resource types that need nothing outside: what is made, changed, replaced, removed, and in which order. */
import { describe, expect, it } from "vitest";
import { Deployment } from "../../engine/deployment.ts";
import type { Event } from "../../engine/events.ts";
import { type Goal, urnOf } from "../../engine/goal.ts";
import type { ResourceState } from "../../engine/state/checkpoint.ts";
import { type Entry, stateKey } from "../../engine/state/journal.ts";
import { type Properties, secret, UNKNOWN } from "../../engine/values.ts";

const STASH = "pulumi:index:Stash";
const BYTES = "random:index/randomBytes:RandomBytes";
const urn = (name: string, type = STASH): string => urnOf("s", "p", type, name);

const goal = (name: string, inputs: Properties, more: Partial<Goal> = {}): Goal => {
  const type = more.type ?? STASH;
  return {
    urn: urn(name, type),
    type,
    name,
    custom: true,
    inputs,
    dependencies: [],
    propertyDependencies: {},
    aliases: [],
    deleteBeforeReplace: false,
    ignoreChanges: [],
    replaceOnChanges: [],
    replaceWith: [],
    protect: false,
    retainOnDelete: false,
    additionalSecretOutputs: [],
    hooks: {},
    ...more,
  };
};

interface Run {
  readonly deployment: Deployment;
  readonly entries: Entry[];
  readonly events: Event[];
  /** `op name` of every change, in order. */
  changes(): string[];
}

function start(
  resources: readonly ResourceState[] = [],
  dryRun = false,
  hooks: (names: readonly string[]) => void = () => {},
): Run {
  const entries: Entry[] = [];
  const events: Event[] = [];
  const deployment = new Deployment(
    { resources, pending: [] },
    {
      dryRun,
      parallel: 4,
      record: (entry) => entries.push(entry),
      listen: (event) => events.push(event),
      runHooks: async (names) => hooks(names),
      interrupted: new Set(),
    },
  );
  const changes = (): string[] =>
    deployment.changes.filter(({ op }) => op !== "same").map(({ op, name }) => `${op} ${name}`);
  return { deployment, entries, events, changes };
}

async function run(
  goals: readonly Goal[],
  resources: readonly ResourceState[] = [],
  dryRun = false,
): Promise<Run> {
  const started = start(resources, dryRun);
  for (const each of goals) await started.deployment.register(each);
  await started.deployment.removeRest();
  return started;
}

const stateAfter = async (goals: readonly Goal[]): Promise<readonly ResourceState[]> =>
  (await run(goals)).deployment.snapshot().resources;

describe("a deployment", () => {
  it("makes what is new, and then has nothing to do", async () => {
    const goals = [goal("a", { input: 1 }), goal("b", { length: 4 }, { type: BYTES })];
    const first = await run(goals);
    expect(first.changes()).toEqual(["create a", "create b"]);
    const second = await run(goals, first.deployment.snapshot().resources);
    expect(second.changes()).toEqual([]);
    expect(second.entries).toEqual([]);
    expect(second.deployment.snapshot()).toEqual(first.deployment.snapshot());
  });

  it("previews the same changes without making any, with unknown results", async () => {
    const { deployment, entries, changes } = start([], true);
    const { outputs } = await deployment.register(goal("b", { length: 4 }, { type: BYTES }));
    expect(changes()).toEqual(["create b"]);
    expect(outputs).toEqual({ length: 4 });
    expect(entries).toEqual([]);
  });

  it("changes in place what can be, and keeps the rest of it", async () => {
    const state = await stateAfter([goal("a", { input: 1 })]);
    const { deployment, changes } = await run([goal("a", { input: 2 })], state);
    expect(changes()).toEqual(["update a"]);
    expect(deployment.snapshot().resources[0]).toMatchObject({
      id: state[0]?.id,
      outputs: { input: 2, output: 1 },
    });
  });

  it("replaces on changes that ask for it: the new one first, the old one at the end", async () => {
    const wanted = { replaceOnChanges: ["input"] };
    const state = await stateAfter([goal("a", { input: 1 }, wanted)]);
    const { deployment, entries, changes } = await run([goal("a", { input: 2 }, wanted)], state);
    expect(changes()).toEqual(["replace a"]);
    expect(deployment.snapshot().resources).toMatchObject([{ outputs: { input: 2, output: 2 } }]);
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
    const { changes } = await run(chain(8), await stateAfter(chain(4)), true);
    expect(changes()).toEqual(["replace base", "replace user"]);
  });

  it("makes a half-made one again where #initerror asks for it, and only there", async () => {
    const [state] = await stateAfter([goal("a", { input: 1 })]);
    const half = { ...(state as ResourceState), initErrors: ["it did not start"] };
    expect(
      (await run([goal("a", { input: 1 }, { replaceOnChanges: ["#initerror"] })], [half])).changes(),
    ).toEqual(["replace a"]);
    const updated = await run([goal("a", { input: 1 })], [half]);
    expect(updated.changes()).toEqual(["update a"]);
    expect(updated.deployment.snapshot().resources[0]?.initErrors).toBeUndefined();
  });

  it("removes what is no longer asked for, users before what they use", async () => {
    const goals = [
      goal("a", { input: 1 }),
      goal("b", { input: 1 }, { dependencies: [urn("a")] }),
      goal("c", { input: 1 }, { dependencies: [urn("b")] }),
    ];
    const { changes, deployment } = await run([], await stateAfter(goals));
    expect(changes()).toEqual(["delete c", "delete b", "delete a"]);
    expect(deployment.snapshot().resources).toEqual([]);
  });

  it("refuses to remove or replace what is protected, and what it needs with it", async () => {
    const goals = [
      goal("a", { input: 1 }),
      goal("b", { input: 1 }, { dependencies: [urn("a")], protect: true }),
    ];
    const { deployment } = await run([], await stateAfter(goals));
    expect(deployment.errors).toEqual([
      "b: it is protected and would be deleted; remove `protect` first if that is meant",
    ]);
    expect(deployment.snapshot().resources).toHaveLength(2);
    const replaced = await run(
      [goal("a", { length: 5 }, { type: BYTES, protect: true })],
      await stateAfter([goal("a", { length: 4 }, { type: BYTES, protect: true })]),
    );
    expect(replaced.deployment.errors[0]).toMatch(/protected and would be replaced/);
  });

  it("says of what it only lets go that it is retained", async () => {
    const { deployment } = await run(
      [],
      await stateAfter([goal("a", { input: 1 }, { retainOnDelete: true })]),
    );
    expect(deployment.changes).toMatchObject([{ op: "delete", name: "a", retained: true }]);
  });

  it("leaves ignored changes alone", async () => {
    const state = await stateAfter([goal("a", { input: 1 })]);
    const { changes, deployment } = await run([goal("a", { input: 2 }, { ignoreChanges: ["input"] })], state);
    expect(changes()).toEqual([]);
    expect(deployment.snapshot().resources[0]?.inputs).toEqual({ input: 1 });
  });

  it("finds a resource under its earlier name", async () => {
    const state = await stateAfter([goal("before", { input: 1 })]);
    const { changes, deployment } = await run(
      [goal("after", { input: 1 }, { aliases: [urn("before")] })],
      state,
    );
    expect(changes()).toEqual([]);
    expect(deployment.snapshot().resources).toMatchObject([{ urn: urn("after"), id: state[0]?.id }]);
  });

  it("goes on past a failure, leaves what depends on it as it was, and keeps what that needs", async () => {
    const goals = [
      goal("good", { input: 1 }),
      goal("bad", { input: 1 }, { dependencies: [urn("dropped")] }),
      goal("user", { input: 1 }, { dependencies: [urn("bad")] }),
    ];
    const state = await stateAfter([goal("dropped", { input: 1 }), ...goals]);
    const [good, , user] = goals as [Goal, Goal, Goal];
    const { deployment, changes, events } = await run(
      [{ ...good, inputs: { input: 2 } }, goal("bad", { unheard: 1 }), { ...user, inputs: { input: 2 } }],
      state,
    );
    expect(changes()).toEqual(["update good"]);
    expect(deployment.errors).toEqual([
      "bad: the embedded engine does not implement unheard of pulumi:index:Stash; use the Pulumi CLI",
    ]);
    expect(events).toContainEqual({ kind: "skipped", urn: urn("user"), because: urn("bad") });
    expect(deployment.snapshot().resources.map(({ urn: each }) => each)).toContain(urn("dropped"));
  });

  it("refuses a type that it does not know, but previews it", async () => {
    const foreign = goal("x", { any: 1 }, { type: "hcloud:index/server:Server" });
    expect((await run([foreign])).deployment.errors[0]).toMatch(
      /does not manage the type hcloud:index\/server:Server/,
    );
    expect((await run([foreign], [], true)).changes()).toEqual(["create x"]);
  });

  it("journals an intention before it acts and the result after", async () => {
    const { entries } = await run([goal("a", { input: 1 })]);
    expect(entries.map(({ op }) => op)).toEqual(["begin", "set"]);
  });

  it("keeps what a failed hook leaves as half-made", async () => {
    const started = start([], false, (names) => {
      if (names.includes("limit")) throw new Error("no limit");
    });
    await started.deployment.register(goal("a", { input: 1 }, { hooks: { afterCreate: ["limit"] } }));
    expect(started.deployment.errors).toEqual(["a: no limit"]);
    expect(started.deployment.snapshot().resources[0]?.initErrors).toEqual(["no limit"]);
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
    const { deployment, events } = start();
    await deployment.register(goal("a", { input: 1 }));
    deployment.cancel();
    expect((await deployment.register(goal("b", { input: 1 }))).result).toBe("skipped");
    expect(events.at(-1)).toMatchObject({ kind: "skipped", because: "the run was interrupted" });
    expect(deployment.snapshot().resources.map(stateKey)).toEqual([urn("a")]);
  });

  it("takes an unknown value for a change", async () => {
    const state = await stateAfter([goal("a", { input: 1 })]);
    expect((await run([goal("a", { input: UNKNOWN })], state, true)).changes()).toEqual(["update a"]);
  });
});
