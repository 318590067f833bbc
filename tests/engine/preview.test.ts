import { describe, expect, it } from "vitest";
import { run, stateAfter } from "./support/deployments.ts";
import { BYTES, goal } from "./support/goals.ts";

describe("a preview", () => {
  it("is a list of steps; the resources are those that an update would leave, their results unknown", async () => {
    const state = await stateAfter([goal("kept", { input: 1 }), goal("dropped", { input: 1 })]);
    const { deployment, resources, entries } = await run(
      [goal("kept", { input: 2 }), goal("new", { length: 4 }, { type: BYTES })],
      state,
      { dryRun: true },
    );
    expect(deployment.steps.map(({ kind }) => kind)).toEqual(["update", "create", "delete"]);
    expect(resources()).toMatchObject([
      { id: state[0]?.id, outputs: { input: 2, output: 1 } },
      { outputs: { length: 4 } },
    ]);
    expect(entries).toEqual([]);
  });

  it("returns the program the ID of what exists, and none of what does not", async () => {
    const state = await stateAfter([goal("kept", { input: 1 })]);
    const { deployment } = await run([], [], { dryRun: true });
    expect(await deployment.register(goal("new", { input: 1 }))).toMatchObject({ id: "" });
    const known = await run([], [], { dryRun: true });
    known.table.restore(state);
    expect(await known.deployment.register(goal("kept", { input: 1 }))).toEqual({
      result: "success",
      id: state[0]?.id,
      outputs: { input: 1, output: 1 },
    });
  });
});
