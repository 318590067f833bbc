import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canBePlaced, mayMeet } from "../../support/exhaustive.ts";
import { crampedFleet, parse, tryPlace } from "../../support/placements.ts";
import { PROPERTY_RUNS } from "../../support/properties.ts";

describe("a small fleet, whatever its constraints", () => {
  it("is placed exactly where trying everything finds a place for each agent", () => {
    const counts = { placed: 0, refused: 0 };
    fc.assert(
      fc.property(crampedFleet, ({ fleet: raw, registry }) => {
        const fleet = parse(raw);
        const placement = tryPlace(fleet, registry);
        counts[placement === undefined ? "refused" : "placed"]++;
        expect(placement !== undefined).toBe(canBePlaced(fleet, registry));
        if (placement === undefined) return;
        expect([...placement.slots.keys()].toSorted()).toEqual(Object.keys(raw.agents).toSorted());
        for (const { agents } of placement.hosts)
          expect(
            mayMeet(fleet.agents.filter(({ name }) => agents.some((placed) => placed.name === name))),
          ).toBe(true);
      }),
    );
    // Were nearly all of one kind, the property would say little.
    expect(counts.placed).toBeGreaterThan(PROPERTY_RUNS / 4);
    expect(counts.refused).toBeGreaterThan(PROPERTY_RUNS / 4);
  });

  it("is placed on what it has where that is possible, and nothing is bought", () => {
    let count = 0;
    fc.assert(
      fc.property(crampedFleet, ({ fleet: raw, registry }) => {
        const fleet = parse(raw);
        if (!canBePlaced(fleet, registry, false)) return;
        count++;
        const { additions, resizes } = tryPlace(fleet, registry)?.growth ?? {};
        expect({ additions, resizes }).toEqual({ additions: [], resizes: [] });
      }),
    );
    expect(count).toBeGreaterThan(PROPERTY_RUNS / 10);
  });
});
