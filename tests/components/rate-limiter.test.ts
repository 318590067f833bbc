import { describe, expect, it } from "vitest";
import { RateLimiter } from "../../components/rate-limiter.ts";
import { ManualClock } from "../support/clock.ts";

describe("RateLimiter", () => {
  it("lets the limit through at once, and everything after that as soon as the window allows, in order", async () => {
    const clock = new ManualClock(0);
    const limiter = new RateLimiter(3, 200, clock);
    const acquired: [caller: number, at: number][] = [];
    const acquire = async (caller: number): Promise<void> => {
      await limiter.acquire();
      acquired.push([caller, clock.now()]);
    };
    await Promise.all([acquire(0), acquire(1)]);
    await clock.sleep(50);
    await Promise.all([2, 3, 4, 5, 6].map(acquire));
    expect(acquired).toEqual([
      [0, 0],
      [1, 0],
      [2, 50],
      [3, 200],
      [4, 200],
      [5, 250],
      [6, 400],
    ]);
  });

  it("does not wait for a caller that the window has passed already", async () => {
    const clock = new ManualClock(0);
    const limiter = new RateLimiter(1, 200, clock);
    await limiter.acquire();
    await clock.sleep(500);
    await limiter.acquire();
    expect(clock.now()).toBe(500);
  });
});
