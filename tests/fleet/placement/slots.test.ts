import { describe, expect, it } from "vitest";
import { portOf, SlotPool, slotsIn } from "../../../fleet/placement/slots.ts";

const places = { subnets: "10.96.0.0/16", ports: ["18800-18899"] };

describe("slots", () => {
  it("are as many as there are both ports and subnets for", () => {
    expect(slotsIn(places)).toBe(100);
    expect(slotsIn({ ...places, ports: ["18800-18899", "19000-19049"] })).toBe(150);
    expect(slotsIn({ ...places, subnets: "10.96.0.0/27" })).toBe(4);
  });

  it("number the ports through all ranges, so that one that is appended moves nobody", () => {
    const wider = [...places.ports, "19000-19099"];
    expect([0, 99].map((slot) => portOf(places.ports, slot))).toEqual([18_800, 18_899]);
    expect([0, 99, 100, 199].map((slot) => portOf(wider, slot))).toEqual([18_800, 18_899, 19_000, 19_099]);
    expect(() => portOf(places.ports, 100)).toThrow(/slot 100 is beyond/);
  });

  it("are handed out lowest first, without those that the registry knows, until none is left", () => {
    const pool = new SlotPool({ ...places, ports: ["20000-20004"] }, [0, 2, 77]);
    expect([pool.take(), pool.take(), pool.take(), pool.take()]).toEqual([1, 3, 4, undefined]);
  });
});
