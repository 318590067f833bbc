import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { slotOf, subnetOf } from "../../../fleet/docker/subnet.ts";
import { overlaps, parseCidr } from "../../../fleet/ipv4.ts";
import "../../support/properties.ts";

describe("subnetOf", () => {
  it.each([
    [0, { subnet: "10.96.0.0/29", bridge: "10.96.0.1", agent: "10.96.0.2", unusedGateway: "10.96.0.6" }],
    [1, { subnet: "10.96.0.8/29", bridge: "10.96.0.9", agent: "10.96.0.10", unusedGateway: "10.96.0.14" }],
    [32, { subnet: "10.96.1.0/29", bridge: "10.96.1.1", agent: "10.96.1.2", unusedGateway: "10.96.1.6" }],
  ])("gives slot %i of 10.96.0.0/16 its addresses", (slot, subnet) => {
    expect(subnetOf("10.96.0.0/16", slot)).toEqual(subnet);
  });

  it("begins at the range's first address whichever address of it was written", () => {
    expect(subnetOf("10.96.77.3/16", 0)).toEqual(subnetOf("10.96.0.0/16", 0));
  });

  it("never gives two slots subnets that overlap", () => {
    const slot = fc.integer({ min: 0, max: 8191 });
    fc.assert(
      fc.property(slot, slot, (a, b) => {
        const [one, other] = [a, b].map((each) => parseCidr(subnetOf("10.96.0.0/16", each).subnet));
        expect(one !== undefined && other !== undefined && overlaps(one, other)).toBe(a === b);
      }),
    );
  });
});

describe("slotOf", () => {
  it("is the inverse", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 8191 }), (slot) => {
        expect(slotOf("10.96.0.0/16", subnetOf("10.96.0.0/16", slot).subnet)).toBe(slot);
      }),
    );
  });

  it.each(["10.95.255.248/29", "10.96.0.4/30", "10.96.0.0/28", "192.0.2.0/29x"])(
    "gives %s of another range or size no slot",
    (subnet) => {
      expect(slotOf("10.96.0.0/16", subnet)).toBeUndefined();
    },
  );
});
