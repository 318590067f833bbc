/** What the two ways of packing have in common. */
import type { DataVolume } from "./offer.ts";
import { type Amounts, DISK, fits, howOften } from "./sizing.ts";
import { freeOfCharge, monthlyFor } from "./volume.ts";

/** Agents that are the same to a packing. */
export interface Shape {
  readonly need: Amounts;
  readonly count: number;
  /** By offer: whether such an agent may be on it. */
  readonly allowed: readonly boolean[];
  /** Agents with the same word never share a host. */
  readonly antiAffinity?: string | undefined;
}

/** What can be bought, as often as wanted. */
export interface Box {
  readonly capacity: Amounts;
  /** With the volume that it has at least. */
  readonly monthly: number;
  readonly volume?: DataVolume | undefined;
}

/** One box, and how many of each shape are in it. */
export interface Packed {
  readonly box: number;
  readonly counts: readonly number[];
}

/** An element that is known to exist. */
export function elementAt<T>(list: readonly T[], index: number): T {
  const element = list[index];
  if (element === undefined) throw new RangeError(`there is no element ${index} of ${list.length}`);
  return element;
}

/** How many of a shape fit next to what is there already. */
export function howMany(shape: Shape, free: Amounts, taken: ReadonlySet<string>): number {
  if (shape.antiAffinity === undefined) return howOften(shape.need, free);
  return taken.has(shape.antiAffinity) || !fits(shape.need, free) ? 0 : 1;
}

/** What so many of each shape take of the disk, GB. */
export const diskOf = (shapes: readonly Shape[], counts: readonly number[]): number =>
  shapes.reduce((sum, { need }, index) => sum + (need[DISK] ?? 0) * (counts[index] ?? 0), 0);

/**
 * Boxes that could be in a cheapest packing: not those for which another takes the same shapes, is no smaller in any
 * dimension, and costs no more, neither empty nor with the largest volume: between them the prices run straight.
 */
export function usefulBoxes(boxes: readonly Box[], shapes: readonly Shape[]): number[] {
  const takes = (box: number): boolean[] => shapes.map(({ allowed }) => allowed[box] === true);
  const indices = boxes.map((_, index) => index).filter((index) => takes(index).some(Boolean));
  const beats = (a: number, b: number): boolean => {
    const [one, other] = [elementAt(boxes, a), elementAt(boxes, b)];
    const isNoWorse =
      costsNoMore(one, other) &&
      fits(other.capacity, one.capacity) &&
      takes(b).every((taken, shape) => !taken || takes(a)[shape]);
    // Of two that are the same, the first.
    return isNoWorse && (a < b || !costsNoMore(other, one) || !fits(one.capacity, other.capacity));
  };
  return indices.filter((index) => !indices.some((other) => other !== index && beats(other, index)));
}

function costsNoMore(one: Box, other: Box): boolean {
  const most = other.capacity[DISK] ?? 0;
  return one.monthly <= other.monthly && monthlyFor(one, most) <= monthlyFor(other, most);
}

/**
 * Every way to fill a box from what is left to which nothing could be added for the same price: there is either no room for
 * it, or only in a larger volume. Calls back with each; the array is reused.
 *
 * @param index of the box among those that shapes allow
 * @param first must be in the box, and is the lowest shape of which any is left.
 */
export function eachFilling(
  shapes: readonly Shape[],
  left: readonly number[],
  index: number,
  box: Box,
  first: number,
  found: (counts: number[]) => void,
): void {
  const { capacity } = box;
  const counts = shapes.map(() => 0);
  const taken = new Set<string>();
  const most = (each: number, free: Amounts): number => {
    const shape = elementAt(shapes, each);
    const remaining = (left[each] ?? 0) - (counts[each] ?? 0);
    return remaining === 0 || !shape.allowed[index] ? 0 : Math.min(remaining, howMany(shape, free, taken));
  };
  const forTheSamePrice = (free: Amounts): Amounts => {
    const disk = diskOf(shapes, counts);
    return free.map((amount, dimension) =>
      dimension === DISK ? Math.min(amount, freeOfCharge(box, disk)) : amount,
    );
  };
  const fill = (each: number, free: Amounts): void => {
    if (each === shapes.length) {
      const rest = forTheSamePrice(free);
      if (shapes.every((_, other) => most(other, rest) === 0)) found(counts);
      return;
    }
    const { need, antiAffinity } = elementAt(shapes, each);
    for (let count = most(each, free); count >= (each === first ? 1 : 0); count--) {
      counts[each] = count;
      if (antiAffinity !== undefined && count > 0) taken.add(antiAffinity);
      fill(
        each + 1,
        free.map((amount, dimension) => amount - count * (need[dimension] ?? 0)),
      );
      counts[each] = 0;
      if (antiAffinity !== undefined && count > 0) taken.delete(antiAffinity);
    }
  };
  fill(first, capacity);
}
