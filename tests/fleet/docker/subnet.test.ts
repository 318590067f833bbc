import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { overlaps, parseCidr, roomOf, roomsIn } from "../../../fleet/docker/subnets.ts";

describe("subnets", () => {
  it.each([
    [0, { subnet: "10.96.0.0/29", bridge: "10.96.0.1", agent: "10.96.0.2", nowhere: "10.96.0.6" }],
    [1, { subnet: "10.96.0.8/29", bridge: "10.96.0.9", agent: "10.96.0.10", nowhere: "10.96.0.14" }],
    [32, { subnet: "10.96.1.0/29", bridge: "10.96.1.1", agent: "10.96.1.2", nowhere: "10.96.1.6" }],
  ])("slot %i of 10.96.0.0/16", (slot, room) => {
    expect(roomOf("10.96.0.0/16", slot)).toEqual(room);
  });

  it("begin at the range's first address whichever address of it was written", () => {
    expect(roomOf("10.96.77.3/16", 0)).toEqual(roomOf("10.96.0.0/16", 0));
  });

  it.each([
    ["10.0.0.0/29", 1],
    ["10.0.0.0/24", 32],
    ["10.96.0.0/16", 8192],
    ["10.0.0.0/30", 0],
  ])("%s holds %i of them", (pool, subnets) => {
    expect(roomsIn(pool)).toBe(subnets);
  });

  it("never overlap", () => {
    const slot = fc.integer({ min: 0, max: 8191 });
    fc.assert(
      fc.property(slot, slot, (a, b) => {
        const [one, other] = [a, b].map((each) => parseCidr(roomOf("10.96.0.0/16", each).subnet));
        expect(one !== undefined && other !== undefined && overlaps(one, other)).toBe(a === b);
      }),
    );
  });
});
