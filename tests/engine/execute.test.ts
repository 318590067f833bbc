/** How steps are carried out when providers fail. */
import { describe, expect, it } from "vitest";
import {
  InitError,
  OutcomeUnknownError,
  type ResourceProvider,
} from "../../engine/providers/resource-provider.ts";
import { toState } from "../../engine/resource-state.ts";
import { start, stateAfter } from "./support/deployments.ts";
import { BYTES, goal, urn } from "./support/goals.ts";

const a = goal("a", { input: 1 });
const old = toState(a, undefined, "id", { input: 1 });

const failingWith = (error: Error): ResourceProvider => ({
  inputs: { input: "update" },
  create: () => Promise.reject(error),
  update: () => Promise.reject(error),
  delete: () => Promise.reject(error),
});

const operations = (entries: ReturnType<typeof start>["entries"]): string[] => entries.map(({ op }) => op);

describe("a failed creation", () => {
  const create = (provider: ResourceProvider, settings = {}) => {
    const started = start([], settings);
    const step = { kind: "create", goal: a, provider, isReplacement: false } as const;
    return { ...started, done: started.runner.register(step) };
  };

  it("leaves no pending operation", async () => {
    const { done, entries, resources, pending } = create(failingWith(new Error("no")));
    await expect(done).rejects.toThrow("no");
    expect(operations(entries)).toEqual(["begin", "abort"]);
    expect([resources(), pending()]).toEqual([[], []]);
  });

  it("stays pending if its outcome is unknown", async () => {
    const { done, entries, pending } = create(failingWith(new OutcomeUnknownError("lost")));
    await expect(done).rejects.toThrow("lost");
    expect(operations(entries)).toEqual(["begin"]);
    expect(pending()).toMatchObject([{ type: "creating", resource: { urn: a.urn } }]);
  });

  it("keeps a resource that exists but did not come up", async () => {
    const error = new InitError("it did not start", { id: "x", outputs: { input: 1 } });
    const { done, entries, resources, pending } = create(failingWith(error));
    await expect(done).rejects.toThrow("it did not start");
    expect(operations(entries)).toEqual(["begin", "set"]);
    expect(resources()).toMatchObject([{ id: "x", initErrors: ["it did not start"] }]);
    expect(pending()).toEqual([]);
  });

  it("is tried again after a clean-up if an earlier run was interrupted in it, and otherwise not", async () => {
    const calls: string[] = [];
    const provider = (): ResourceProvider => {
      let isTaken = true;
      return {
        inputs: { input: "update" },
        create: async () => {
          calls.push("create");
          if (isTaken) throw new Error("the name is taken");
          return { id: "x", outputs: {} };
        },
        cleanUp: async () => {
          calls.push("cleanUp");
          isTaken = false;
        },
      };
    };
    await expect(create(provider()).done).rejects.toThrow("the name is taken");
    expect(calls.splice(0)).toEqual(["create"]);
    await expect(create(provider(), { interrupted: [a.urn] }).done).resolves.toMatchObject({ id: "x" });
    expect(calls).toEqual(["create", "cleanUp", "create"]);
  });
});

describe("a failed update", () => {
  it("leaves no pending operation, and the resource as it was", async () => {
    const { runner, entries, pending } = start([old]);
    const provider = failingWith(new Error("no"));
    const step = {
      kind: "update",
      goal: goal("a", { input: 2 }),
      provider,
      old,
      changed: ["input"],
    } as const;
    await expect(runner.register(step)).rejects.toThrow("no");
    expect(entries).toMatchObject([
      { op: "begin", pending: { type: "updating", resource: old } },
      { op: "abort", urn: a.urn },
    ]);
    expect(pending()).toEqual([]);
  });
});

describe("a failed deletion", () => {
  it("keeps the resource in the state", async () => {
    const { runner, resources } = start([old]);
    await expect(
      runner.delete({ kind: "delete", state: old, provider: failingWith(new Error("no")) }),
    ).rejects.toThrow("no");
    expect(resources()).toEqual([old]);
  });
});

describe("a replacement whose dependents cannot all be deleted", () => {
  it("keeps those that still exist in the state", async () => {
    const { runner, table, resources } = start();
    const foreign = goal("user", {}, { type: "hcloud:index/server:Server" });
    const dependents = [goal("first", { input: 1 }), foreign, goal("last", { input: 1 })].map((each) =>
      toState(each, undefined, "id", {}),
    );
    const provider = failingWith(new Error("not reached"));
    const step = { kind: "replace", goal: a, provider, old, changed: ["input"], dependents } as const;
    table.markReplaced(a.urn, dependents);
    await expect(runner.register(step)).rejects.toThrow(/does not manage the type/);
    expect(resources()).toEqual(dependents.slice(1));
  });
});

describe("a replacement", () => {
  it("records an alias of the replaced resource", async () => {
    const wanted = { type: BYTES, aliases: [urn("before", BYTES)] };
    const { deployment, entries } = start(await stateAfter([goal("before", { length: 4 }, { type: BYTES })]));
    await deployment.register(goal("after", { length: 8 }, wanted));
    expect(entries.at(-1)).toMatchObject({
      op: "set",
      state: { urn: urn("after", BYTES) },
      pendingDelete: { urn: urn("before", BYTES), delete: true },
      formerUrn: urn("before", BYTES),
    });
  });
});

describe("a hook", () => {
  it("receives the resource as it was created", async () => {
    const seen: unknown[] = [];
    const runHooks = async (names: readonly string[], step: object): Promise<void> => {
      if (names.length > 0) seen.push({ names, ...step });
    };
    const { deployment, resources } = start([], { runHooks });
    await deployment.register(goal("a", { input: 1 }, { hooks: { afterCreate: ["limit"] } }));
    const [{ id } = {}] = resources();
    const outputs = { input: 1, output: 1 };
    expect(seen).toEqual([{ names: ["limit"], urn: a.urn, id, inputs: { input: 1 }, outputs }]);
  });
});
