import { describe, expect, it } from "vitest";
import { PlacementHost } from "../../../fleet/placement/placement-host.ts";
import { planHost } from "../../../fleet/plan/host.ts";
import { hetznerGroup, planOf } from "../../support/fleets.ts";
import { candidate, offer } from "../../support/placements.ts";

describe("planHost", () => {
  it("gives null for what is not known of an operator's own host, and for what does not limit", () => {
    expect(planOf({ agents: { alice: {} } }).hosts[0]).toMatchObject({
      name: "one",
      entry: "one",
      offer: undefined,
      machine: { memoryMb: null, cpus: null, diskGb: null },
      capacity: [null, null, null, null, 100],
      isDraining: false,
    });
  });

  it("gives what a server has, what its agents take of it, and what is ordered", () => {
    const host = PlacementHost.ordered("eu-1", offer());
    host.place(candidate("alice"));
    expect(planHost(host)).toMatchObject({
      name: "eu-1",
      entry: "eu",
      offer: { serverType: "cx4", location: "fsn1", monthly: 4 },
      machine: { memoryMb: 4096, cpus: 4, diskGb: 40 },
      capacity: [3072, 6144, 25, 30, 100],
      used: [600, 1024, 1, 2, 1],
    });
  });

  it("counts the data volume as a server's disk where it has one", () => {
    expect(planOf({ hosts: { eu: hetznerGroup() } }).hosts[0]?.machine.diskGb).toBe(10);
    expect(planOf({ hosts: { eu: hetznerGroup({ volumePerMemory: 0 }) } }).hosts[0]?.machine.diskGb).toBe(40);
  });

  it("leaves out the settings of its group", () => {
    expect(planHost(PlacementHost.ordered("eu-1", offer())).offer).not.toHaveProperty("group");
  });
});
