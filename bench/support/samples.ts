/** Times by what they are of, in seconds. */
export interface Summary {
  readonly median: number;
  readonly fastest: number;
  readonly slowest: number;
}

export class Samples {
  readonly #seconds = new Map<string, number[]>();

  add(name: string, seconds: number): void {
    const known = this.#seconds.get(name);
    if (known === undefined) this.#seconds.set(name, [seconds]);
    else known.push(seconds);
  }

  /** Undefined where it was not measured. */
  of(name: string): Summary | undefined {
    const sorted = (this.#seconds.get(name) ?? []).toSorted((a, b) => a - b);
    if (sorted.length === 0) return undefined;
    const at = (index: number): number => sorted[index] ?? 0;
    const middle = (sorted.length - 1) / 2;
    return {
      median: (at(Math.floor(middle)) + at(Math.ceil(middle))) / 2,
      fastest: at(0),
      slowest: at(sorted.length - 1),
    };
  }
}

export async function seconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}
