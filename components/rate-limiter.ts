import { type Clock, SYSTEM_CLOCK } from "./clock.ts";

/** Sliding-window rate limiter: at most `limit` acquisitions in any `windowMs`. */
export class RateLimiter {
  readonly #limit: number;
  readonly #windowMs: number;
  readonly #clock: Clock;
  /** When each of the latest acquisitions happened. */
  readonly #acquired: number[] = [];
  #last: Promise<void> = Promise.resolve();

  constructor(limit: number, windowMs: number, clock: Clock = SYSTEM_CLOCK) {
    this.#limit = limit;
    this.#windowMs = windowMs;
    this.#clock = clock;
  }

  /** Settles once the caller may go on. Callers are served in order. */
  acquire(): Promise<void> {
    this.#last = this.#last.then(() => this.#wait());
    return this.#last;
  }

  async #wait(): Promise<void> {
    const oldest = this.#acquired.length < this.#limit ? undefined : this.#acquired.shift();
    const wait = oldest === undefined ? 0 : oldest + this.#windowMs - this.#clock.now();
    if (wait > 0) await this.#clock.sleep(wait);
    this.#acquired.push(this.#clock.now());
  }
}
