/** A bin while a search fills and empties it. */
import type { Bin, Space } from "./bin.ts";
import type { Candidate } from "./placement-host.ts";
import { type Amounts, add, fits, howOften, subtract } from "./sizing.ts";

/** Sums of decimal fractions must not cost an agent its place in an estimate. */
const TOLERANCE = 1 + 1e-9;

export class BinState {
  readonly bin: Bin;
  /** The kinds of the agents that the search has put here. */
  readonly placed: number[] = [];
  #used: Amounts;
  #spaces: readonly Space[];
  #count: number;
  #isSealed: boolean;
  readonly #words: Set<string>;

  constructor(bin: Bin) {
    this.bin = bin;
    this.#used = bin.used;
    this.#spaces = bin.spaces;
    this.#count = bin.agents.length;
    this.#isSealed = bin.agents.some(({ isDedicated }) => isDedicated);
    this.#words = new Set(bin.agents.flatMap(({ antiAffinity }) => antiAffinity ?? []));
  }

  /** How many such agents have room here at most. */
  roomFor(agent: Candidate): number {
    const { bin } = this;
    const slots = bin.freeSlots - this.placed.length;
    const { antiAffinity, isDedicated } = agent;
    if (this.#isSealed || slots <= 0 || (isDedicated && this.#count > 0)) return 0;
    if (antiAffinity !== undefined && this.#words.has(antiAffinity)) return 0;
    if (!bin.suits(agent)) return 0;
    const rooms = this.#spaces.map((space) => roomIn(space, this.#used, agent));
    const room = Math.min(slots, Math.max(0, ...rooms));
    return isDedicated || antiAffinity !== undefined ? Math.min(1, room) : room;
  }

  /** What is free here at most. */
  get free(): Amounts {
    return this.#used.map((used, dimension) =>
      Math.max(0, ...this.#spaces.map(({ capacity }) => (capacity[dimension] ?? 0) - used)),
    );
  }

  get isEmpty(): boolean {
    return this.#count === 0;
  }

  /** @returns what takes the agent away again */
  place(agent: Candidate, kind: number): () => void {
    const { antiAffinity, isDedicated, location, need } = agent;
    const before = { used: this.#used, spaces: this.#spaces, isSealed: this.#isSealed };
    this.#used = add(this.#used, need);
    if (location !== undefined) this.#spaces = this.#spaces.filter((space) => space.location === location);
    this.#count++;
    this.#isSealed = isDedicated;
    if (antiAffinity !== undefined) this.#words.add(antiAffinity);
    this.placed.push(kind);
    return () => {
      this.#used = before.used;
      this.#spaces = before.spaces;
      this.#count--;
      this.#isSealed = before.isSealed;
      if (antiAffinity !== undefined) this.#words.delete(antiAffinity);
      this.placed.pop();
    };
  }

  /** Whether the other is the same to agents of every kind that have as much room there as here. */
  isLike(other: BinState): boolean {
    return (
      this.bin.likeness === other.bin.likeness &&
      this.bin.freeSlots - this.placed.length === other.bin.freeSlots - other.placed.length &&
      this.isEmpty === other.isEmpty &&
      this.#used.every((amount, dimension) => amount === other.#used[dimension])
    );
  }
}

function roomIn({ capacity, location }: Space, used: Amounts, agent: Candidate): number {
  if (agent.location !== undefined && agent.location !== location) return 0;
  const free = subtract(capacity, used);
  if (!fits(agent.need, free)) return 0;
  return Math.max(
    1,
    howOften(
      agent.need,
      free.map((amount) => amount * TOLERANCE),
    ),
  );
}
