/**
 * How many cases each property is tried with: 500, or what `PROPERTY_RUNS` says. Importing this file sets it for every
 * property of a test file, and gives tests the time that so many cases take.
 */
import fc from "fast-check";
import { vi } from "vitest";

/** Cases of each property that does not ask for its own number. */
export const PROPERTY_RUNS = Number(process.env["PROPERTY_RUNS"] ?? 500);

/** A part of the cases, for properties whose single case takes long. */
export const shareOfRuns = (share: number): { readonly numRuns: number } => ({
  numRuns: Math.max(1, Math.ceil(PROPERTY_RUNS * share)),
});

fc.configureGlobal({ numRuns: PROPERTY_RUNS });

// One minute for 500 cases, ten for 10,000.
vi.setConfig({ testTimeout: Math.min(600_000, Math.max(60_000, PROPERTY_RUNS * 60)) });
