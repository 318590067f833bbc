import { describe, expect, it } from "vitest";
import { hetznerGroup, planOf, registryOf } from "../../support/fleets.ts";
import { CX23 } from "../../support/hetzner-plans.ts";

const CLASSES = { standard: { memoryMb: 2048, reservationMb: 700, cpus: 2 } };

describe("changesOf", () => {
  it("lists hosts first and then agents, each by name, with what each host costs", () => {
    const registry = registryOf(
      { bob: { host: "eu-2", slot: 0 }, zoe: { host: "eu-2", slot: 1 }, dan: { host: "eu-2", slot: 2 } },
      { "eu-1": CX23, "eu-2": CX23 },
    );
    const hosts = { eu: hetznerGroup({ retire: ["eu-1"], drain: ["eu-2"] }) };
    const agents = { bob: {}, alice: {} };
    expect(planOf({ hosts, agents, classes: CLASSES }, registry).changes).toEqual([
      {
        kind: "retire-host",
        name: "eu-1",
        text: "deletes host eu-1 (-6.56 a month): it is retired and has no agents; a data volume stays until you delete it",
        monthly: expect.closeTo(-6.562),
      },
      {
        kind: "add-host",
        name: "eu-3",
        text: "adds host eu-3 (cx23 in fsn1, +6.56 a month): no other host has capacity for alice, bob",
        monthly: expect.closeTo(6.562),
      },
      { kind: "add-agent", name: "alice", text: "adds alice on eu-3" },
      { kind: "move-agent", name: "bob", text: "moves bob from eu-2 to eu-3: eu-2 is drained" },
      { kind: "remove-agent", name: "dan", text: "removes dan from eu-2; its data stays" },
      { kind: "remove-agent", name: "zoe", text: "removes zoe from eu-2; its data stays" },
    ]);
  });

  it("are none where everything is as it was", () => {
    const registry = registryOf({ alice: { host: "one", slot: 3 } });
    expect(planOf({ agents: { alice: {} } }, registry).changes).toEqual([]);
  });
});
