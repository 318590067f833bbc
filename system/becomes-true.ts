import { setTimeout as sleep } from "node:timers/promises";

const POLL_MS = 250;

/** Repeats an attempt until it succeeds. Returns false if it did not in time, or as soon as it became hopeless. */
export async function becomesTrue(
  attempt: () => Promise<unknown>,
  withinMs: number,
  isHopeless: () => boolean = () => false,
): Promise<boolean> {
  const end = Date.now() + withinMs;
  for (;;) {
    try {
      await attempt();
      return true;
    } catch {
      if (Date.now() > end || isHopeless()) return false;
      await sleep(POLL_MS);
    }
  }
}
