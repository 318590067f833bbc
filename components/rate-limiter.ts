import { setTimeout as sleep } from "node:timers/promises";

/** Lets so many pass in any stretch of time of a given length. */
export class Pace {
  readonly #most: number;
  readonly #windowMs: number;
  /** When each of the last that passed did. */
  readonly #passed: number[] = [];
  #last: Promise<void> = Promise.resolve();

  constructor(most: number, windowMs: number) {
    this.#most = most;
    this.#windowMs = windowMs;
  }

  /** Settles when it is the caller's turn. Turns come in the order that they were asked for. */
  turn(): Promise<void> {
    this.#last = this.#last.then(() => this.#pass());
    return this.#last;
  }

  async #pass(): Promise<void> {
    const first = this.#passed.length < this.#most ? undefined : this.#passed.shift();
    const wait = first === undefined ? 0 : first + this.#windowMs - Date.now();
    if (wait > 0) await sleep(wait);
    this.#passed.push(Date.now());
  }
}
