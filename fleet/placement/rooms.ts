/** How many agents of each kind have room in each bin, while a search fills them. */
import type { BinState } from "./bin-state.ts";
import { elementAt } from "./packing.ts";
import type { Candidate } from "./placement-host.ts";
import { type Amounts, add, fits, NOTHING } from "./sizing.ts";

/** Agents that are the same to a search. */
export interface Kind {
  readonly agents: readonly Candidate[];
  readonly agent: Candidate;
  left: number;
}

export class Rooms {
  readonly #kinds: readonly Kind[];
  readonly #states: readonly BinState[];
  /** By bin and kind. */
  readonly #rooms: number[][];
  /** By kind: the room of all bins together. */
  readonly #totals: number[];
  /** Agents of which no two can be in the same bin, as lists of their kinds. */
  readonly #apart: readonly (readonly number[])[];

  constructor(kinds: readonly Kind[], states: readonly BinState[]) {
    this.#kinds = kinds;
    this.#states = states;
    this.#rooms = states.map((state) => kinds.map(({ agent }) => state.roomFor(agent)));
    this.#totals = kinds.map((_, kind) => this.#rooms.reduce((sum, rooms) => sum + (rooms[kind] ?? 0), 0));
    const groups = Map.groupBy(
      kinds.flatMap(({ agent: { antiAffinity, isDedicated } }, kind) => [
        ...(isDedicated ? [{ group: "dedicated", kind }] : []),
        ...(antiAffinity === undefined ? [] : [{ group: `antiAffinity ${antiAffinity}`, kind }]),
      ]),
      ({ group }) => group,
    );
    this.#apart = [...groups.values()]
      .map((members) => members.map(({ kind }) => kind))
      .filter((members) => members.length > 1);
  }

  /** The bin's rooms by kind, which `restore` takes. */
  column(bin: number): readonly number[] {
    return [...elementAt(this.#rooms, bin)];
  }

  /** After a change of what is in the bin. What is barred stays barred: room only ever becomes less. */
  update(bin: number): void {
    const state = elementAt(this.#states, bin);
    this.restore(
      bin,
      elementAt(this.#rooms, bin).map((room, kind) =>
        room === 0 ? 0 : Math.min(room, state.roomFor(elementAt(this.#kinds, kind).agent)),
      ),
    );
  }

  restore(bin: number, column: readonly number[]): void {
    for (const [kind, room] of elementAt(this.#rooms, bin).entries())
      this.#totals[kind] = (this.#totals[kind] ?? 0) + (column[kind] ?? 0) - room;
    this.#rooms[bin] = [...column];
  }

  bar(kind: number, bin: number): void {
    this.restore(
      bin,
      elementAt(this.#rooms, bin).map((room, each) => (each === kind ? 0 : room)),
    );
  }

  /** The kind with the least choice of those that are not all placed. */
  scarcest(): number | undefined {
    let best: number | undefined;
    let least = { spare: Infinity, size: 0 };
    for (const [index, { left, agent }] of this.#kinds.entries()) {
      if (left === 0) continue;
      const spare = (this.#totals[index] ?? 0) - left;
      const size = agent.isDedicated ? Infinity : (agent.need[0] ?? 0);
      if (best !== undefined && (spare > least.spare || (spare === least.spare && size <= least.size)))
        continue;
      best = index;
      least = { spare, size };
    }
    return best;
  }

  /** Bins that have room for the kind, those first in which the fewest others do. */
  leastWanted(kind: number): number[] {
    const isWanted = (rooms: readonly number[]): number =>
      rooms.reduce((sum, room, each) => sum + Math.min(room, this.#kinds[each]?.left ?? 0), 0);
    return this.#rooms
      .flatMap((rooms, bin) => ((rooms[kind] ?? 0) > 0 ? [{ bin, wanted: isWanted(rooms) }] : []))
      .toSorted((a, b) => a.wanted - b.wanted || a.bin - b.bin)
      .map(({ bin }) => bin);
  }

  /** Whether those that are left certainly have no places. */
  isHopeless(): boolean {
    return (
      this.#kinds.some(({ left }, kind) => left > (this.#totals[kind] ?? 0)) ||
      this.#apart.some((members) => this.#isCrowded(members)) ||
      this.#isTooMuch()
    );
  }

  /** Whether there are fewer bins than agents that must each have one of their own. */
  #isCrowded(members: readonly number[]): boolean {
    const count = members.reduce((sum, kind) => sum + (this.#kinds[kind]?.left ?? 0), 0);
    const bins = this.#rooms.filter((rooms) => members.some((kind) => (rooms[kind] ?? 0) > 0));
    return count > bins.length;
  }

  #isTooMuch(): boolean {
    let need: Amounts = NOTHING;
    for (const { left, agent } of this.#kinds)
      if (left > 0) need = need.map((amount, dimension) => amount + left * (agent.need[dimension] ?? 0));
    let free: Amounts = NOTHING;
    for (const [bin, rooms] of this.#rooms.entries())
      if (rooms.some((room) => room > 0)) free = add(free, elementAt(this.#states, bin).free);
    // Sums of decimal fractions must not refuse what just fits.
    return !fits(
      need.map((amount) => amount * (1 - 1e-9)),
      free,
    );
  }
}
