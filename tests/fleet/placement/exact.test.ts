import { describe, expect, it } from "vitest";
import { packExactly, remaindersOf } from "../../../fleet/placement/exact.ts";
import type { Box, Shape } from "../../../fleet/placement/packing.ts";

const shape = (size: number, count: number): Shape => ({ need: [size], count, allowed: [true, true] });
const BOXES: Box[] = [
  { capacity: [4], monthly: 4 },
  { capacity: [10], monthly: 9 },
];

const cost = (shapes: readonly Shape[]): number =>
  packExactly(shapes, BOXES, [0, 1]).reduce((sum, { box }) => sum + (BOXES[box]?.monthly ?? 0), 0);

describe("packExactly", () => {
  it.each([
    ["nothing", [shape(1, 0)], 0],
    ["one small agent", [shape(1, 1)], 4],
    ["what a large box holds for less than two small ones and one more", [shape(2, 5)], 9],
    ["what two small boxes hold for less than a large one", [shape(2, 4)], 8],
    ["a mixture", [shape(3, 2), shape(1, 6)], 12],
  ])("finds the cheapest boxes for %s", (_, shapes, expected) => {
    expect(cost(shapes)).toBe(expected);
  });

  it("packs every agent exactly once", () => {
    const packed = packExactly([shape(3, 3), shape(1, 5)], BOXES, [0, 1]);
    const sum = (index: number) => packed.reduce((total, { counts }) => total + (counts[index] ?? 0), 0);
    expect([sum(0), sum(1)]).toEqual([3, 5]);
  });

  it("looks at as many remainders as there are", () => {
    expect(remaindersOf([shape(1, 3), shape(2, 4)])).toBe(20);
  });
});
