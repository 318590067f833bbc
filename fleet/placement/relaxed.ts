/**
 * The cheapest boxes for many agents: the cutting-stock problem of Gilmore and Gomory. Its linear relaxation is solved by
 * generating fillings as they prove useful, which takes no longer for more agents of the same shapes; then as many whole
 * boxes as the solution has are bought, and what is left is packed again, exactly as soon as it is little enough.
 */

import { packExactly, remaindersOf } from "./exact.ts";
import { mostValuable } from "./knapsack.ts";
import { type Box, diskOf, elementAt, howMany, type Packed, type Shape } from "./packing.ts";
import { monthlyFor } from "./volume.ts";

/** Up to so many remainders are searched exactly: some tens of milliseconds. */
const EXACT = 1000;

/** Rounds of the simplex method: beyond, its answer is good enough as it is. */
const MOST_ROUNDS = 200;

const EPSILON = 1e-9;

interface Column extends Packed {
  readonly monthly: number;
}

export function pack(shapes: readonly Shape[], boxes: readonly Box[], useful: readonly number[]): Packed[] {
  const result: Packed[] = [];
  let left = shapes.map(({ count }) => count);
  const remaining = (): Shape[] => shapes.map((shape, index) => ({ ...shape, count: left[index] ?? 0 }));
  const buy = (packed: Packed, times: number): void => {
    for (let time = 0; time < times; time++) result.push(packed);
    left = left.map((count, index) => count - times * (packed.counts[index] ?? 0));
  };
  while (left.some((count) => count > 0)) {
    if (remaindersOf(remaining()) <= EXACT) return [...result, ...packExactly(remaining(), boxes, useful)];
    const { columns, amounts } = relax(remaining(), boxes, useful);
    const whole = amounts.map((amount) => Math.floor(amount + EPSILON));
    if (whole.some((times) => times > 0)) {
      for (const [index, column] of columns.entries()) buy(column, whole[index] ?? 0);
    } else {
      const largest = amounts.indexOf(Math.max(...amounts));
      const { box, counts } = elementAt(columns, largest);
      buy({ box, counts: counts.map((count, index) => Math.min(count, left[index] ?? 0)) }, 1);
    }
  }
  return result;
}

/** How often to buy which filling, in fractions, so that it costs least. A solution has one filling for each shape. */
function relax(
  all: readonly Shape[],
  boxes: readonly Box[],
  useful: readonly number[],
): { columns: Column[]; amounts: number[] } {
  const indices = all.map((_, index) => index).filter((index) => (all[index]?.count ?? 0) > 0);
  const shapes = indices.map((index) => elementAt(all, index));
  const columns = shapes.map((_, index) => alone(index, shapes, boxes, useful));
  // The inverse of the basis: at first each filling has one shape only.
  const inverse = shapes.map((_, row) =>
    shapes.map((_each, column) => (row === column ? 1 / (columns[row]?.counts[row] ?? 1) : 0)),
  );
  const amounts = shapes.map(({ count }, index) => count * (inverse[index]?.[index] ?? 0));

  for (let round = 0; round < MOST_ROUNDS; round++) {
    // What one more agent of each shape would cost by the present solution.
    const worth = shapes.map((_, shape) =>
      columns.reduce((sum, { monthly }, row) => sum + monthly * (inverse[row]?.[shape] ?? 0), 0),
    );
    const entering = bestFilling(shapes, boxes, useful, worth);
    if (entering === undefined) break;
    const direction = inverse.map((row) =>
      row.reduce((sum, each, index) => sum + each * (entering.counts[index] ?? 0), 0),
    );
    const ratio = (row: number): number => {
      const step = direction[row] ?? 0;
      return step > EPSILON ? (amounts[row] ?? 0) / step : Number.POSITIVE_INFINITY;
    };
    const leaving = direction
      .map((_, row) => row)
      .reduce((best, row) => (ratio(row) < ratio(best) ? row : best), 0);
    const by = ratio(leaving);
    const pivot = direction[leaving] ?? 0;
    if (!Number.isFinite(by)) break;
    const pivotRow = (inverse[leaving] ?? []).map((each) => each / pivot);
    for (const [row, step] of direction.entries()) {
      amounts[row] = row === leaving ? by : (amounts[row] ?? 0) - by * step;
      inverse[row] =
        row === leaving
          ? pivotRow
          : (inverse[row] ?? []).map((each, index) => each - step * (pivotRow[index] ?? 0));
    }
    columns[leaving] = entering;
  }
  const expanded = (counts: readonly number[]): number[] =>
    all.map((_, index) => counts[indices.indexOf(index)] ?? 0);
  return { columns: columns.map((column) => ({ ...column, counts: expanded(column.counts) })), amounts };
}

/** The filling that is cheapest for one shape with nothing next to it. */
function alone(
  index: number,
  shapes: readonly Shape[],
  boxes: readonly Box[],
  useful: readonly number[],
): Column {
  const shape = elementAt(shapes, index);
  const columns = useful.flatMap((box) => {
    const sold = elementAt(boxes, box);
    const { capacity } = sold;
    const count = shape.allowed[box] ? Math.min(shape.count, howMany(shape, capacity, new Set())) : 0;
    const counts = shapes.map((_, each) => (each === index ? count : 0));
    return count === 0 ? [] : [{ box, monthly: monthlyFor(sold, diskOf(shapes, counts)), counts }];
  });
  const perAgent = ({ monthly, counts }: Column): number => monthly / (counts[index] ?? 1);
  return columns.reduce((best, column) => (perAgent(column) < perAgent(best) ? column : best));
}

/** The filling that is worth most for its price; none where no filling is worth more than that. */
function bestFilling(
  shapes: readonly Shape[],
  boxes: readonly Box[],
  useful: readonly number[],
  worth: readonly number[],
): Column | undefined {
  let best: Column | undefined;
  let gain = 1 + EPSILON;
  for (const box of useful) {
    const sold = elementAt(boxes, box);
    const counts = mostValuable(shapes, box, sold, worth);
    const value = counts.reduce((sum, count, index) => sum + count * (worth[index] ?? 0), 0);
    const monthly = monthlyFor(sold, diskOf(shapes, counts));
    if (value / monthly <= gain) continue;
    gain = value / monthly;
    best = { box, monthly, counts };
  }
  return best;
}
