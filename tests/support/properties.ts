/**
 * How many cases each property is tried with: 500, or what `PROPERTY_RUNS` says; and the time that a test gets for that many.
 * Importing this file sets it for every property.
 */
import fc from "fast-check";

/** Cases of each property that does not ask for its own number. */
export const PROPERTY_RUNS = Number(process.env["PROPERTY_RUNS"] ?? 500);

/** One minute for 500 cases on a busy machine, ten for 10,000. In milliseconds. */
export const UNIT_TIMEOUT = Math.min(600_000, Math.max(60_000, PROPERTY_RUNS * 60));

/** A part of the cases, for properties whose single case takes long. */
export const shareOfRuns = (share: number): { readonly numRuns: number } => ({
  numRuns: Math.max(1, Math.ceil(PROPERTY_RUNS * share)),
});

fc.configureGlobal({ numRuns: PROPERTY_RUNS });
