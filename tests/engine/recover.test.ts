import { describe, expect, it } from "vitest";
import { assumeRecovered, recoverPendingOperations } from "../../engine/recover.ts";
import type { PendingOperation, ResourceState } from "../../engine/state/checkpoint.ts";
import { createProviderReference } from "../../engine/urn.ts";
import { resource } from "./support/states.ts";

const provider: ResourceState = {
  urn: "urn:pulumi:s::p::pulumi:providers:docker::remote",
  custom: true,
  type: "pulumi:providers:docker",
  id: "1",
  // Nothing listens there.
  inputs: { host: "tcp://127.0.0.1:1" },
};

const pending = (type: PendingOperation["type"]): PendingOperation => ({
  type,
  resource: {
    urn: "urn:pulumi:s::p::docker:index/network:Network::n",
    custom: true,
    type: "docker:index/network:Network",
    id: "n",
    inputs: { name: "n", labels: [{ label: "a", value: "b" }] },
    provider: createProviderReference(provider.urn, "1"),
  },
});

describe("a recovery", () => {
  it.each(["creating", "deleting"] as const)(
    "leaves what an earlier run was %s on a daemon that does not answer to the next run",
    async (type) => {
      const operation = pending(type);
      const resources = [provider, operation.resource];
      const { snapshot, interrupted } = await recoverPendingOperations({ resources, pending: [operation] });
      expect(snapshot).toEqual({ resources, pending: [operation] });
      expect([...interrupted]).toEqual([operation.resource.urn]);
    },
  );

  it("completes a deletion and leaves the resource to be changed again", async () => {
    const stash = resource("a", { type: "pulumi:index:Stash" });
    const snapshot = { resources: [stash], pending: [{ type: "deleting", resource: stash }] } as const;
    const recovered = await recoverPendingOperations(snapshot);
    expect(recovered.snapshot).toEqual({ resources: [], pending: [] });
    expect([...recovered.interrupted]).toEqual([stash.urn]);
  });
});

describe("a recovery in a preview", () => {
  it("is assumed without a call to a daemon", () => {
    const operation = pending("deleting");
    const resources = [provider, operation.resource];
    const { snapshot, interrupted } = assumeRecovered({ resources, pending: [operation] });
    expect(snapshot).toEqual({ resources: [provider], pending: [] });
    expect([...interrupted]).toEqual([operation.resource.urn]);
  });
});
