import { describe, expect, it } from "vitest";
import { packExactly, remaindersOf } from "../../../fleet/placement/exact.ts";
import type { Box, Packed, Shape } from "../../../fleet/placement/packing.ts";
import { pack } from "../../../fleet/placement/relaxed.ts";

const shape = (need: readonly number[], count: number): Shape => ({
  need,
  count,
  allowed: [true, true, true],
});
const BOXES: Box[] = [
  { capacity: [4, 40], monthly: 4 },
  { capacity: [10, 60], monthly: 9 },
  { capacity: [21, 200], monthly: 20 },
];
const USEFUL = [0, 1, 2];

const cost = (packed: readonly Packed[]): number =>
  packed.reduce((sum, { box }) => sum + (BOXES[box]?.monthly ?? 0), 0);

describe("pack", () => {
  it("is exact for few agents", () => {
    const shapes = [shape([3, 5], 4), shape([1, 9], 6)];
    expect(pack(shapes, BOXES, USEFUL)).toEqual(packExactly(shapes, BOXES, USEFUL));
  });

  it("is within 2 % of the best fractions for many agents, and packs each exactly once", () => {
    const shapes = [shape([3, 5], 400), shape([1, 9], 600), shape([2, 1], 500)];
    expect(remaindersOf(shapes)).toBeGreaterThan(1000);
    const packed = pack(shapes, BOXES, USEFUL);
    for (const [index, { count }] of shapes.entries())
      expect(packed.reduce((sum, { counts }) => sum + (counts[index] ?? 0), 0)).toBe(count);
    for (const { box, counts } of packed)
      for (const [dimension, capacity] of (BOXES[box]?.capacity ?? []).entries())
        expect(
          shapes.reduce((sum, { need }, index) => sum + (need[dimension] ?? 0) * (counts[index] ?? 0), 0),
        ).toBeLessThanOrEqual(capacity);
    // The best price of a unit of the first dimension, which runs out first, is that of the second box.
    const needed = shapes.reduce((sum, { need, count }) => sum + (need[0] ?? 0) * count, 0);
    expect(cost(packed)).toBeLessThanOrEqual(needed * 0.9 * 1.02);
  });
});
