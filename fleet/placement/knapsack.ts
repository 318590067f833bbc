/** The filling of one box that is worth most: a knapsack with several dimensions, by branch and bound. */
import { type Box, elementAt, howMany, type Shape } from "./packing.ts";
import { type Amounts, DISK } from "./sizing.ts";
import { extraFor, freeOfCharge } from "./volume.ts";

/** Steps of the search: beyond, its answer is good enough as it is. */
const MOST_STEPS = 5000;

const EPSILON = 1e-9;

type Bound = (position: number, free: Amounts) => number;

/**
 * @param worth by shape. What a larger volume costs is taken off.
 * @returns how many of each shape
 */
export function mostValuable(
  shapes: readonly Shape[],
  index: number,
  box: Box,
  worth: readonly number[],
): number[] {
  const order = worthwhile(shapes, index, box, worth);
  const bound = boundOf(order, shapes, box, worth);
  const counts = shapes.map(() => 0);
  const taken = new Set<string>();
  let best = { value: 0, counts: [...counts] };
  let steps = 0;
  const search = (position: number, free: Amounts, gross: number): void => {
    const value = gross - extraFor(box, diskTaken(box, free));
    if (value > best.value + EPSILON) best = { value, counts: [...counts] };
    const each = order[position];
    if (each === undefined || ++steps > MOST_STEPS) return;
    if (value + bound(position, free) <= best.value + EPSILON) return;
    const shape = elementAt(shapes, each);
    for (let count = Math.min(shape.count, howMany(shape, free, taken)); count >= 0; count--) {
      counts[each] = count;
      if (shape.antiAffinity !== undefined && count > 0) taken.add(shape.antiAffinity);
      search(
        position + 1,
        free.map((amount, dimension) => amount - count * (shape.need[dimension] ?? 0)),
        gross + count * (worth[each] ?? 0),
      );
      if (shape.antiAffinity !== undefined && count > 0) taken.delete(shape.antiAffinity);
    }
    counts[each] = 0;
  };
  search(0, box.capacity, 0);
  return best.counts;
}

const diskTaken = ({ capacity }: Box, free: Amounts): number => (capacity[DISK] ?? 0) - (free[DISK] ?? 0);

/** Shapes that may be in the box, those first that bring most for the share of it that they take. */
function worthwhile(
  shapes: readonly Shape[],
  index: number,
  { capacity }: Box,
  worth: readonly number[],
): number[] {
  const share = (each: number): number =>
    Math.max(...capacity.map((amount, dimension) => (shapes[each]?.need[dimension] ?? 0) / amount));
  return shapes
    .map((_, each) => each)
    .filter((each) => shapes[each]?.allowed[index] && (worth[each] ?? 0) > EPSILON && share(each) <= 1)
    .toSorted((a, b) => (worth[b] ?? 0) / share(b) - (worth[a] ?? 0) / share(a));
}

/** The most that the rest of the box can still bring. */
function boundOf(
  order: readonly number[],
  shapes: readonly Shape[],
  box: Box,
  worth: readonly number[],
): Bound {
  // The most that a unit of each dimension can bring from each position on.
  const ratesOf = (value: (index: number) => number): number[][] =>
    order.map((_, from) =>
      box.capacity.map((_amount, dimension) =>
        Math.max(
          ...order.slice(from).map((each) => value(each) / (shapes[each]?.need[dimension] || EPSILON)),
        ),
      ),
    );
  const least = (rates: readonly number[] | undefined, free: Amounts): number =>
    Math.min(...free.map((amount, dimension) => amount * (rates?.[dimension] ?? 0)));
  const { volume } = box;
  const gross = ratesOf((each) => worth[each] ?? 0);
  if (volume === undefined) return (position, free) => least(gross[position], free);
  // Each GB is paid for, those excepted that the volume has for nothing.
  const net = ratesOf((each) =>
    Math.max(0, (worth[each] ?? 0) - volume.perGb * (shapes[each]?.need[DISK] ?? 0)),
  );
  return (position, free) =>
    Math.min(
      least(gross[position], free),
      least(net[position], free) + volume.perGb * freeOfCharge(box, diskTaken(box, free)),
    );
}
