import { setTimeout as sleep } from "node:timers/promises";

/** Sliding-window rate limiter: at most `limit` acquisitions in any `windowMs`. */
export class RateLimiter {
  readonly #limit: number;
  readonly #windowMs: number;
  /** When each of the latest acquisitions happened. */
  readonly #acquired: number[] = [];
  #last: Promise<void> = Promise.resolve();

  constructor(limit: number, windowMs: number) {
    this.#limit = limit;
    this.#windowMs = windowMs;
  }

  /** Settles once the caller may go on. Callers are served in order. */
  acquire(): Promise<void> {
    this.#last = this.#last.then(() => this.#wait());
    return this.#last;
  }

  async #wait(): Promise<void> {
    const oldest = this.#acquired.length < this.#limit ? undefined : this.#acquired.shift();
    const wait = oldest === undefined ? 0 : oldest + this.#windowMs - Date.now();
    if (wait > 0) await sleep(wait);
    this.#acquired.push(Date.now());
  }
}
