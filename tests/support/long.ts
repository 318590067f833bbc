/** Long runs: tests that try very many cases try a sample of them, and all of them under `npm run test:long`. */

export const IS_LONG = process.env["TEST_LONG"] === "1";

/** Every case, or every `step`-th of them in a short run. */
export const sampled = <T>(cases: readonly T[], step: number): T[] =>
  cases.filter((_, index) => IS_LONG || index % step === 0);
