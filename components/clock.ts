import { setTimeout } from "node:timers/promises";

/** Time, which a test can replace. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  sleep(ms: number): Promise<void>;
}

export const SYSTEM_CLOCK: Clock = { now: Date.now, sleep: (ms) => setTimeout(ms) };
