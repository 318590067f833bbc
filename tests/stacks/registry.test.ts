import * as pulumi from "@pulumi/pulumi";
import { afterEach, describe, expect, it, vi } from "vitest";
import { readState } from "../../stacks/registry.ts";

const answer = async (value: unknown) => {
  vi.spyOn(pulumi, "getOrganization").mockReturnValue("acme");
  const invoke = vi.spyOn(pulumi.runtime, "invoke").mockResolvedValue(value);
  return { invoke, state: await readState() };
};

afterEach(() => {
  vi.restoreAllMocks();
});

describe("the registry", () => {
  it("is read from all of the stack's own resources", async () => {
    pulumi.runtime.resetOptions("agent-fleet", "prod", 1, "", "", true, "acme");
    const urn =
      "urn:pulumi:prod::agent-fleet::agent-fleet:index:IsolatedAgent$pulumi:index:Stash::alice-slot";
    const outputs = { output: { host: "one", slot: 3 } };
    const { invoke, state } = await answer({ outputs: { [urn]: { type: "pulumi:index:Stash", outputs } } });
    expect(invoke).toHaveBeenCalledExactlyOnceWith("pulumi:pulumi:readStackResourceOutputs", {
      stackName: "acme/agent-fleet/prod",
    });
    expect([...state.registry.agents]).toEqual([["alice", { host: "one", slot: 3 }]]);
  });

  it("is empty for a new stack", async () => {
    const { state } = await answer({ outputs: {} });
    expect([...state.registry.agents, ...state.registry.servers]).toEqual([]);
  });

  it("is not guessed: planning without it would move agents", async () => {
    await expect(answer({})).rejects.toThrow("outputs");
  });
});
