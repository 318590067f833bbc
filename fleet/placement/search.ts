/**
 * Whether agents can be placed together, decided by trying everything: backtracking over agents that are alike, those with
 * the least choice first. After each step it is checked whether the agents that are left can still have places, each kind for
 * itself and all together; mostly that settles it long before everything has been tried.
 */
import { byName } from "../text.ts";
import type { Bin } from "./bin.ts";
import { BinState } from "./bin-state.ts";
import { elementAt } from "./packing.ts";
import type { Candidate } from "./placement-host.ts";
import { type Kind, Rooms } from "./rooms.ts";

/** Agents that one search is for at most. */
export const MOST_AGENTS = 500;

/**
 * Looks at a kind of agents on a host that a search takes at most: some tenths of a second. A step looks at each kind on each
 * host, so ten agents of ten kinds on five hosts may take 40,000 steps, and seldom take a hundred.
 */
export const MOST_LOOKS = 2_000_000;

/** What is left of the looks. */
export interface Budget {
  looks: number;
}

/** Which agents are to be in which bin. */
export type Assignment = ReadonlyMap<Bin, readonly Candidate[]>;

/** Undefined where they have no places together, or where that could not be found out within the budget. */
export function findPlaces(
  agents: readonly Candidate[],
  bins: readonly Bin[],
  budget: Budget,
): Assignment | undefined {
  if (agents.length > MOST_AGENTS) return undefined;
  const kinds = kindsOf(agents.toSorted(byName));
  const states = bins.map((bin) => new BinState(bin));
  const rooms = new Rooms(kinds, states);
  if (!search(kinds, states, rooms, budget)) return undefined;
  const next = kinds.map(() => 0);
  return new Map(
    states.map(({ bin, placed }) => [
      bin,
      placed.map((kind) => {
        const index = next[kind] ?? 0;
        next[kind] = index + 1;
        return elementAt(elementAt(kinds, kind).agents, index);
      }),
    ]),
  );
}

const kindsOf = (agents: readonly Candidate[]): Kind[] =>
  [
    ...Map.groupBy(agents, ({ need, pin, location, antiAffinity, isDedicated }) =>
      JSON.stringify([need, pin, location, antiAffinity, isDedicated]),
    ).values(),
  ].flatMap((alike) => {
    const [agent] = alike;
    return agent === undefined ? [] : [{ agents: alike, agent, left: alike.length }];
  });

function search(kinds: readonly Kind[], states: readonly BinState[], rooms: Rooms, budget: Budget): boolean {
  if (rooms.isHopeless()) return false;
  const index = rooms.scarcest();
  if (index === undefined) return true;
  const kind = elementAt(kinds, index);
  const barred: { bin: number; column: readonly number[] }[] = [];
  let isFound = false;
  for (const bin of rooms.leastWanted(index)) {
    budget.looks -= kinds.length * states.length;
    if (budget.looks < 0) break;
    const state = elementAt(states, bin);
    // Whoever is alike is as well off in a bin that is alike.
    if (barred.some((other) => isAlike(elementAt(states, other.bin), state, other.column, rooms.column(bin))))
      continue;
    const column = rooms.column(bin);
    const undo = state.place(kind.agent, index);
    kind.left--;
    rooms.update(bin);
    isFound = search(kinds, states, rooms, budget);
    if (isFound) break;
    undo();
    kind.left++;
    rooms.restore(bin, column);
    // As agents of a kind are alike, no other of them can be here either.
    barred.push({ bin, column });
    rooms.bar(index, bin);
    if (rooms.isHopeless()) break;
  }
  if (!isFound) for (const { bin, column } of barred.toReversed()) rooms.restore(bin, column);
  return isFound;
}

const isAlike = (
  a: BinState,
  b: BinState,
  columnOfA: readonly number[],
  columnOfB: readonly number[],
): boolean => a.isLike(b) && columnOfA.every((room, kind) => room === columnOfB[kind]);
