/** The cheapest boxes for a few agents, found by trying everything that could be cheapest. */
import { type Box, diskOf, eachFilling, elementAt, type Packed, type Shape } from "./packing.ts";
import { monthlyFor } from "./volume.ts";

interface Solution {
  readonly monthly: number;
  readonly packed: Packed | undefined;
  /** What is left after that box. */
  readonly rest: number;
}

/** How many different remainders of these shapes there are: what an exact search has to look at. */
export const remaindersOf = (shapes: readonly Shape[]): number =>
  shapes.reduce((product, { count }) => product * (count + 1), 1);

/**
 * Dynamic programming over what is left to pack. The first agent that is left must be somewhere, and wherever it is, a box
 * that is filled until nothing more fits for its price costs no more than one that is not: so only full boxes are tried.
 *
 * Every shape must fit one of the boxes at least.
 */
export function packExactly(
  shapes: readonly Shape[],
  boxes: readonly Box[],
  useful: readonly number[],
): Packed[] {
  const weights: number[] = [];
  shapes.reduce((weight, { count }, index) => {
    weights[index] = weight;
    return weight * (count + 1);
  }, 1);
  const keyOf = (counts: readonly number[]): number =>
    counts.reduce((key, count, index) => key + count * (weights[index] ?? 0), 0);
  const solutions = new Map<number, Solution>([[0, { monthly: 0, packed: undefined, rest: 0 }]]);

  const solve = (left: readonly number[]): Solution => {
    const key = keyOf(left);
    const known = solutions.get(key);
    if (known !== undefined) return known;
    const first = left.findIndex((count) => count > 0);
    let best: Solution = { monthly: Number.POSITIVE_INFINITY, packed: undefined, rest: 0 };
    for (const box of useful) {
      const sold = elementAt(boxes, box);
      eachFilling(shapes, left, box, sold, first, (counts) => {
        const monthly = monthlyFor(sold, diskOf(shapes, counts));
        if (monthly >= best.monthly) return;
        const rest = left.map((count, index) => count - (counts[index] ?? 0));
        const total = monthly + solve(rest).monthly;
        if (total < best.monthly)
          best = { monthly: total, packed: { box, counts: [...counts] }, rest: keyOf(rest) };
      });
    }
    solutions.set(key, best);
    return best;
  };

  const result: Packed[] = [];
  let step: Solution | undefined = solve(shapes.map(({ count }) => count));
  while (step?.packed !== undefined) {
    result.push(step.packed);
    step = solutions.get(step.rest);
  }
  return result;
}
