import { describe, expect, it } from "vitest";
import {
  type Box,
  eachFilling,
  elementAt,
  howMany,
  type Shape,
  usefulBoxes,
} from "../../../fleet/placement/packing.ts";

const shape = (size: number, changes: Partial<Shape> = {}): Shape => ({
  need: [size],
  count: 10,
  allowed: [true, true, true],
  ...changes,
});
const box = (capacity: number, monthly: number): Box => ({ capacity: [capacity], monthly });

describe("usefulBoxes", () => {
  it("leaves out a box for which another holds as much for no more", () => {
    expect(usefulBoxes([box(4, 4), box(4, 5), box(8, 7)], [shape(1)])).toEqual([0, 2]);
    expect(usefulBoxes([box(4, 7), box(8, 7)], [shape(1)])).toEqual([1]);
  });

  it("keeps the first of two boxes that are the same", () => {
    expect(usefulBoxes([box(4, 4), box(4, 4)], [shape(1)])).toEqual([0]);
  });

  it("keeps a box that takes what a better one does not, and leaves out one that takes nothing", () => {
    const picky = shape(1, { allowed: [true, false, false] });
    expect(
      usefulBoxes([box(4, 9), box(8, 7), box(8, 8)], [picky, shape(1, { allowed: [true, true, false] })]),
    ).toEqual([0, 1]);
  });
});

/** With a volume; disk is the fourth dimension. */
const withVolume = (monthly: number, sizeGb: number): Box => ({
  capacity: [4, 4, 4, 100],
  monthly,
  volume: { sizeGb, perGb: 1 },
});
const onDisk = (gb: number): Shape => shape(1, { need: [1, 1, 1, gb] });

describe("boxes with volumes", () => {
  it("are no worse for what they cost empty alone, nor for what they cost full", () => {
    expect(usefulBoxes([withVolume(5, 10), withVolume(6, 50)], [onDisk(8)])).toEqual([0, 1]);
    expect(usefulBoxes([withVolume(5, 10), withVolume(6, 10)], [onDisk(8)])).toEqual([0]);
  });

  it("are filled up to each price", () => {
    const found: number[][] = [];
    eachFilling([onDisk(4)], [4], 0, withVolume(5, 10), 0, (counts) => found.push([...counts]));
    // 16 GB, or 8 GB of the 10 that there are anyway: not 12 or 4, to which one more could be added for nothing.
    expect(found).toEqual([[4], [2]]);
  });
});

describe("eachFilling", () => {
  const fillings = (shapes: readonly Shape[], capacity: number): number[][] => {
    const found: number[][] = [];
    const left = shapes.map(({ count }) => count);
    eachFilling(shapes, left, 0, box(capacity, 1), 0, (counts) => found.push([...counts]));
    return found;
  };

  it("finds every filling to which nothing can be added, with the first shape in each", () => {
    expect(fillings([shape(3), shape(2)], 7)).toEqual([
      [2, 0],
      [1, 2],
    ]);
  });

  it("puts no two agents of an anti-affinity group into one box", () => {
    expect(fillings([shape(1, { antiAffinity: "x" }), shape(1, { antiAffinity: "x" })], 7)).toEqual([[1, 0]]);
    expect(howMany(shape(1, { antiAffinity: "x" }), [7], new Set())).toBe(1);
    expect(howMany(shape(1, { antiAffinity: "x" }), [7], new Set(["x"]))).toBe(0);
    expect(howMany(shape(2), [7], new Set(["x"]))).toBe(3);
  });

  it("uses no more of a shape than are left", () => {
    expect(fillings([shape(1, { count: 2 })], 7)).toEqual([[2]]);
  });
});

describe("elementAt", () => {
  it("names an index that does not exist", () => {
    expect(elementAt(["a"], 0)).toBe("a");
    expect(() => elementAt(["a"], 1)).toThrow(new RangeError("there is no element 1 of 1"));
  });
});
