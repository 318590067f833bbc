import { describe, expect, it } from "vitest";
import { LOCATIONS, ZONE_NAMES, zoneOf } from "../../../../fleet/hosts/hetzner/zones.ts";
import { CATALOGUE } from "../../../../stacks/catalogue.ts";

describe("Hetzner's network zones", () => {
  it("are in an order that never changes, because a zone's subnet follows from it", () => {
    expect(ZONE_NAMES).toEqual(["eu-central", "us-east", "us-west", "ap-southeast"]);
  });

  it("contain every location that the catalogue has a price for", () => {
    const priced = Object.values(CATALOGUE.types).flatMap(({ prices }) => Object.keys(prices));
    expect([...new Set(priced)].toSorted()).toEqual(LOCATIONS.toSorted());
    expect(zoneOf("nbg1")).toBe("eu-central");
    expect(zoneOf("par1")).toBeUndefined();
  });
});
