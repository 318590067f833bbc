import { describe, expect, it } from "vitest";
import { PlacementHost } from "../../../fleet/placement/placement-host.ts";
import { candidate, offer } from "../../support/placements.ts";

const host = (): PlacementHost => PlacementHost.ordered("eu-1", offer());

describe("PlacementHost", () => {
  it("fills up with the agents that are placed on it", () => {
    const filled = host();
    for (const name of ["a", "b", "c", "d", "e"]) {
      expect(filled.hasCapacityFor(candidate(name))).toBe(true);
      filled.place(candidate(name));
    }
    // 5 × 600 MiB of 3072 are reserved, and 5 × 1024 MiB of 6144 are limits.
    expect(filled.free.slice(0, 2)).toEqual([72, 1024]);
    expect(filled.hasCapacityFor(candidate("f"))).toBe(false);
    expect(filled.utilization).toBeCloseTo(3000 / 3072);
    expect(filled.isOvercommitted).toBe(false);
  });

  it("is overcommitted where the agents that it keeps need more than it has", () => {
    const kept = host();
    kept.keep(candidate("a", { need: [4000, 1, 1, 1, 1] }));
    expect(kept.isOvercommitted).toBe(true);
  });

  it("suits a pin to itself or to its group, and its own location", () => {
    const suits = (changes: object): boolean => host().suits(candidate("a", changes));
    expect([{}, { pin: "eu-1" }, { pin: "eu" }, { location: "fsn1" }].map(suits)).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect([{ pin: "eu-2" }, { pin: "us" }, { location: "nbg1" }].map(suits)).toEqual([false, false, false]);
  });

  it("accepts no second agent of an anti-affinity group", () => {
    const filled = host();
    filled.place(candidate("a", { antiAffinity: "x" }));
    expect(filled.hasCapacityFor(candidate("b", { antiAffinity: "x" }))).toBe(false);
    expect(filled.hasCapacityFor(candidate("b", { antiAffinity: "y" }))).toBe(true);
    expect(filled.hasCapacityFor(candidate("b"))).toBe(true);
  });

  it("accepts nothing next to a dedicated agent, nor a dedicated agent next to another", () => {
    const dedicated = host();
    dedicated.place(candidate("a", { isDedicated: true }));
    expect(dedicated.hasCapacityFor(candidate("b"))).toBe(false);
    const shared = host();
    shared.place(candidate("a"));
    expect(shared.hasCapacityFor(candidate("b", { isDedicated: true }))).toBe(false);
  });

  it("accepts nothing without a free slot, and nothing while it drains", () => {
    expect(new PlacementHost({ ...host().options, freeSlots: 0 }).hasCapacityFor(candidate("a"))).toBe(false);
    expect(new PlacementHost({ ...host().options, isDraining: true }).hasCapacityFor(candidate("a"))).toBe(
      false,
    );
  });

  it("keeps its agents and its free slots when it is resized", () => {
    const small = host();
    small.place(candidate("a", { antiAffinity: "x" }));
    const large = small.resized(offer({ memoryMb: 8192 }));
    expect(large.agents).toEqual(small.agents);
    expect(large.freeSlots).toBe(small.freeSlots);
    expect(large.used).toEqual(small.used);
    expect(large.options.capacity[0]).toBe(6144);
    expect(large.tolerates(candidate("b", { antiAffinity: "x" }))).toBe(false);
  });
});
