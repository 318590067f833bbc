import { describe, expect, it } from "vitest";
import { parsePorts, portOf, portsOverlap, SlotPool, slotsIn } from "../../../fleet/placement/slots.ts";

const ranges = { subnets: "10.96.0.0/16", ports: ["18800-18899"] };

describe("slots", () => {
  it("are as many as there are both ports and subnets for", () => {
    expect(slotsIn(ranges)).toBe(100);
    expect(slotsIn({ ...ranges, ports: ["18800-18899", "19000-19049"] })).toBe(150);
    expect(slotsIn({ ...ranges, subnets: "10.96.0.0/27" })).toBe(4);
  });

  it.each([
    ["10.0.0.0/29", 1],
    ["10.0.0.0/24", 32],
    ["10.96.0.0/16", 8192],
    ["10.0.0.0/30", 0],
  ])("%s has subnets for %i of them", (subnets, slots) => {
    expect(slotsIn({ subnets, ports: ["20000-29999"] })).toBe(slots);
  });

  it("share no port between ranges that do not overlap", () => {
    expect(portsOverlap(parsePorts("1-5"), parsePorts("5-9"))).toBe(true);
    expect(portsOverlap(parsePorts("5-9"), parsePorts("1-5"))).toBe(true);
    expect(portsOverlap(parsePorts("1-5"), parsePorts("6-9"))).toBe(false);
    expect(portsOverlap(parsePorts("1-9"), parsePorts("3-4"))).toBe(true);
  });

  it("number the ports through all ranges, so that a range that is appended moves no agent", () => {
    const wider = [...ranges.ports, "19000-19099"];
    expect([0, 99].map((slot) => portOf(ranges.ports, slot))).toEqual([18_800, 18_899]);
    expect([0, 99, 100, 199].map((slot) => portOf(wider, slot))).toEqual([18_800, 18_899, 19_000, 19_099]);
    expect(() => portOf(ranges.ports, 100)).toThrow(/slot 100 is beyond/);
  });

  it("are handed out lowest first, without those that the registry knows, until none is left", () => {
    const pool = new SlotPool({ ...ranges, ports: ["20000-20004"] }, [0, 2, 77]);
    expect([pool.take(), pool.take(), pool.take(), pool.take()]).toEqual([1, 3, 4, undefined]);
  });
});
