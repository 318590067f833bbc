/** Requests that are left: a bucket that fills up steadily, as Hetzner's does (3600 an hour: one a second). */
export interface RateLimit {
  readonly requests: number;
  readonly windowMs: number;
}

export class Budget {
  readonly #limit: RateLimit;
  #left: number;
  #at = Date.now();

  constructor(limit: RateLimit) {
    this.#limit = limit;
    this.#left = limit.requests;
  }

  /** @returns whether there was one left to take */
  take(): boolean {
    const { requests, windowMs } = this.#limit;
    const now = Date.now();
    this.#left = Math.min(requests, this.#left + ((now - this.#at) * requests) / windowMs);
    this.#at = now;
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }

  headers(): Record<string, string> {
    const { requests, windowMs } = this.#limit;
    const fullAfterMs = ((requests - this.#left) * windowMs) / requests;
    return {
      "RateLimit-Limit": String(requests),
      "RateLimit-Remaining": String(Math.floor(this.#left)),
      "RateLimit-Reset": String(Math.ceil((this.#at + fullAfterMs) / 1000)),
    };
  }
}
