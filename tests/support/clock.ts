import type { Clock } from "../../components/clock.ts";

/** A clock whose time passes only while something sleeps. */
export class ManualClock implements Clock {
  #now: number;
  #sleepers: { readonly until: number; wake(): void }[] = [];

  constructor(now = 1_000_000) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  sleep(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#sleepers.push({ until: this.#now + ms, wake: resolve });
    // Once everything that can run without waiting has run.
    setImmediate(() => this.#wakeNext());
    return promise;
  }

  #wakeNext(): void {
    const [next, ...others] = this.#sleepers.toSorted((a, b) => a.until - b.until);
    if (next === undefined) return;
    this.#sleepers = others;
    this.#now = Math.max(this.#now, next.until);
    next.wake();
  }
}
