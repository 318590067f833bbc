/** What the two ways of packing have in common. */
import { type Amounts, fits, howOften } from "./sizing.ts";

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
  readonly monthly: number;
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

/**
 * Boxes that could be in a cheapest packing: not those for which another takes the same shapes, is no smaller in any
 * dimension, and costs no more.
 */
export function usefulBoxes(boxes: readonly Box[], shapes: readonly Shape[]): number[] {
  const takes = (box: number): boolean[] => shapes.map(({ allowed }) => allowed[box] === true);
  const indices = boxes.map((_, index) => index).filter((index) => takes(index).some(Boolean));
  const beats = (a: number, b: number): boolean => {
    const [one, other] = [elementAt(boxes, a), elementAt(boxes, b)];
    const isNoWorse =
      one.monthly <= other.monthly &&
      fits(other.capacity, one.capacity) &&
      takes(b).every((taken, shape) => !taken || takes(a)[shape]);
    // Of two that are the same, the first.
    return isNoWorse && (a < b || one.monthly < other.monthly || !fits(one.capacity, other.capacity));
  };
  return indices.filter((index) => !indices.some((other) => other !== index && beats(other, index)));
}

/**
 * Every way to fill a box from what is left to which nothing could be added. Calls back with each; the array is reused.
 *
 * @param first must be in the box, and is the lowest shape of which any is left.
 */
export function eachFilling(
  shapes: readonly Shape[],
  left: readonly number[],
  box: number,
  capacity: Amounts,
  first: number,
  found: (counts: number[]) => void,
): void {
  const counts = shapes.map(() => 0);
  const taken = new Set<string>();
  const most = (index: number, free: Amounts): number => {
    const shape = elementAt(shapes, index);
    const remaining = (left[index] ?? 0) - (counts[index] ?? 0);
    return remaining === 0 || !shape.allowed[box] ? 0 : Math.min(remaining, howMany(shape, free, taken));
  };
  const fill = (index: number, free: Amounts): void => {
    if (index === shapes.length) {
      if (shapes.every((_, each) => most(each, free) === 0)) found(counts);
      return;
    }
    const { need, antiAffinity } = elementAt(shapes, index);
    for (let count = most(index, free); count >= (index === first ? 1 : 0); count--) {
      counts[index] = count;
      if (antiAffinity !== undefined && count > 0) taken.add(antiAffinity);
      fill(
        index + 1,
        free.map((amount, dimension) => amount - count * (need[dimension] ?? 0)),
      );
      counts[index] = 0;
      if (antiAffinity !== undefined && count > 0) taken.delete(antiAffinity);
    }
  };
  fill(first, capacity);
}
