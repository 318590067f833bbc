import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { Pace } from "../../components/rate-limiter.ts";

describe("a pace", () => {
  it("lets so many pass in any stretch of time, in their order, and the rest as soon as it may", async () => {
    const [most, windowMs] = [5, 200];
    const pace = new Pace(most, windowMs);
    const start = performance.now();
    const passed: { who: number; at: number }[] = [];
    const ask = async (who: number): Promise<void> => {
      await pace.turn();
      passed.push({ who, at: performance.now() - start });
    };
    const asked = Array.from({ length: 12 }, (_, who) => ask(who));
    await sleep(50);
    await Promise.all([...asked, ask(12)]);
    expect(passed.map(({ who }) => who)).toEqual(Array.from({ length: 13 }, (_, who) => who));
    for (const [index, { at }] of passed.entries()) {
      const earlier = passed[index - most];
      // Timers of Node may be a millisecond early.
      if (earlier !== undefined) expect(at - earlier.at).toBeGreaterThanOrEqual(windowMs - 2);
    }
    expect(passed[4]?.at).toBeLessThan(100);
  });
});
