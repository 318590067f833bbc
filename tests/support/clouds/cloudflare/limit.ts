/** Cloudflare's: a number of calls in five minutes; after more, every call is refused for the next five. */
export interface BlockingLimit {
  readonly requests: number;
  readonly windowMs: number;
  readonly blockMs: number;
}

export const LIMIT: BlockingLimit = { requests: 1200, windowMs: 300_000, blockMs: 300_000 };

export class Throttle {
  readonly #limit: BlockingLimit;
  #times: number[] = [];
  #blockedUntil = 0;

  constructor(limit: BlockingLimit) {
    this.#limit = limit;
  }

  /** @returns how long to wait, 0 where the call is heard */
  take(now = Date.now()): number {
    const { requests, windowMs, blockMs } = this.#limit;
    if (now < this.#blockedUntil) return this.#blockedUntil - now;
    this.#times = this.#times.filter((time) => time > now - windowMs);
    this.#times.push(now);
    if (this.#times.length <= requests) return 0;
    this.#times = [];
    this.#blockedUntil = now + blockMs;
    return blockMs;
  }

  headers(): Record<string, string> {
    const { requests, windowMs } = this.#limit;
    const seconds = Math.ceil(windowMs / 1000);
    return {
      ratelimit: `"default";r=${Math.max(0, requests - this.#times.length)};t=${seconds}`,
      "ratelimit-policy": `"default";q=${requests};w=${seconds}`,
    };
  }
}
