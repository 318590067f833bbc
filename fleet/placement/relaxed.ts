/**
 * The cheapest boxes for many agents: the cutting-stock problem of Gilmore and Gomory. Its linear relaxation is solved by
 * generating fillings as they prove useful, which takes no longer for more agents of the same shapes; then as many whole
 * boxes as the solution has are bought, and what is left is packed again, exactly as soon as it is little enough.
 */

import { packExactly, remaindersOf } from "./exact.ts";
import { type Box, elementAt, howMany, type Packed, type Shape } from "./packing.ts";
import type { Amounts } from "./sizing.ts";

/** Up to so many remainders are searched exactly: some tens of milliseconds. */
const EXACT = 1000;

/** Rounds of the simplex method, and steps of a search for one filling: beyond, its answer is good enough as it is. */
const MOST_ROUNDS = 200;
const MOST_STEPS = 5000;

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
    const { capacity, monthly } = elementAt(boxes, box);
    const count = shape.allowed[box] ? Math.min(shape.count, howMany(shape, capacity, new Set())) : 0;
    return count === 0
      ? []
      : [{ box, monthly, counts: shapes.map((_, each) => (each === index ? count : 0)) }];
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
    const { capacity, monthly } = elementAt(boxes, box);
    const { value, counts } = mostValuable(shapes, box, capacity, worth);
    if (value / monthly <= gain) continue;
    gain = value / monthly;
    best = { box, monthly, counts };
  }
  return best;
}

/** A knapsack with several dimensions, by branch and bound. */
function mostValuable(
  shapes: readonly Shape[],
  box: number,
  capacity: Amounts,
  worth: readonly number[],
): { value: number; counts: number[] } {
  const share = (index: number): number =>
    Math.max(...capacity.map((amount, dimension) => (shapes[index]?.need[dimension] ?? 0) / amount));
  const order = shapes
    .map((_, index) => index)
    .filter((index) => shapes[index]?.allowed[box] && (worth[index] ?? 0) > EPSILON && share(index) <= 1)
    .toSorted((a, b) => (worth[b] ?? 0) / share(b) - (worth[a] ?? 0) / share(a));
  // The most that a unit of each dimension can bring from here on.
  const rates = order.map((_, from) =>
    capacity.map((_amount, dimension) =>
      Math.max(
        ...order
          .slice(from)
          .map((index) => (worth[index] ?? 0) / (shapes[index]?.need[dimension] || EPSILON)),
      ),
    ),
  );
  const counts = shapes.map(() => 0);
  const taken = new Set<string>();
  let best = { value: 0, counts: [...counts] };
  let steps = 0;
  const search = (position: number, free: Amounts, value: number): void => {
    if (value > best.value + EPSILON) best = { value, counts: [...counts] };
    const index = order[position];
    if (index === undefined || ++steps > MOST_STEPS) return;
    const bound = Math.min(...free.map((amount, dimension) => amount * (rates[position]?.[dimension] ?? 0)));
    if (value + bound <= best.value + EPSILON) return;
    const shape = elementAt(shapes, index);
    for (let count = Math.min(shape.count, howMany(shape, free, taken)); count >= 0; count--) {
      counts[index] = count;
      if (shape.antiAffinity !== undefined && count > 0) taken.add(shape.antiAffinity);
      search(
        position + 1,
        free.map((amount, dimension) => amount - count * (shape.need[dimension] ?? 0)),
        value + count * (worth[index] ?? 0),
      );
      if (shape.antiAffinity !== undefined && count > 0) taken.delete(shape.antiAffinity);
    }
    counts[index] = 0;
  };
  search(0, capacity, 0);
  return best;
}
