import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { solve } from "yalps";
import { footprintOf } from "../../../openclaw/footprint.ts";
import { type Offer, offersOf } from "../../../fleet/placement/offers.ts";
import { candidateOf } from "../../../fleet/placement/place.ts";
import type { Candidate } from "../../../fleet/placement/placement-host.ts";
import type { Fleet } from "../../../fleet/config/schema.ts";
import { CATALOGUE } from "../../../stacks/catalogue.ts";
import { LOGIN } from "../../support/fleets.ts";
import { CLASSES, parse, place, type RawAgent, type RawClasses } from "../../support/placements.ts";

const FAMILIES = [["cx"], ["cax"], ["cpx"], ["ccx"], ["cx", "cax", "cpx", "ccx"], ["cpx", "ccx"]];
const LOCATIONS = [["fsn1"], ["fsn1", "nbg1", "hel1"], ["ash", "fsn1"], ["sin", "fsn1"]];

const fleetOf = (
  agents: Record<string, RawAgent>,
  families: string[],
  locations: string[],
  more: object = {},
  classes: RawClasses = CLASSES,
): Fleet =>
  parse({ hosts: { eu: { kind: "hetzner", ...LOGIN, families, locations, ...more } }, agents }, classes);

/** Of any size that a server could hold, and out of proportion. */
const oddClass = fc
  .record({
    memoryMb: fc.integer({ min: 700, max: 20_000 }),
    share: fc.integer({ min: 20, max: 100 }),
    quarters: fc.integer({ min: 1, max: 60 }),
    diskGb: fc.integer({ min: 1, max: 60 }),
  })
  .map(({ memoryMb, share, quarters, diskGb }) => ({
    memoryMb,
    reservationMb: Math.floor((memoryMb * share) / 100),
    cpus: quarters / 4,
    diskGb,
  }));

const candidatesOf = (fleet: Fleet): Candidate[] =>
  Object.keys(fleet.agents).map((name) =>
    candidateOf(name, fleet, fleet.footprint ?? footprintOf(fleet.image)),
  );

const boughtFor = (fleet: Fleet): number =>
  place(fleet).growth.additions.reduce((sum, { offer }) => sum + offer.monthly, 0);

/** What a host for exactly these costs at least; more than anything where none holds them. */
function cheapestFor(together: readonly Candidate[], offers: readonly Offer[]): number {
  const spreads = together.flatMap(({ spread }) => (spread === undefined ? [] : [spread]));
  const isApart = new Set(spreads).size < spreads.length;
  const isDisturbed = together.length > 1 && together.some(({ isDedicated }) => isDedicated);
  if (isApart || isDisturbed) return Infinity;
  const holds = ({ capacity, location }: Offer): boolean =>
    together.every((agent) => agent.location === undefined || agent.location === location) &&
    capacity.every(
      (amount, dimension) => together.reduce((sum, { need }) => sum + (need[dimension] ?? 0), 0) <= amount,
    );
  return Math.min(Infinity, ...offers.filter(holds).map(({ monthly }) => monthly));
}

/** Every way to part the agents into hosts. */
function optimum(agents: readonly Candidate[], offers: readonly Offer[]): number {
  let best = Infinity;
  const part = (index: number, groups: Candidate[][]): void => {
    if (index === agents.length) {
      const price = groups.reduce((sum, group) => sum + cheapestFor(group, offers), 0);
      best = Math.min(best, price);
      return;
    }
    const agent = agents[index] as Candidate;
    for (const group of groups) {
      group.push(agent);
      part(index + 1, groups);
      group.pop();
    }
    part(index + 1, [...groups, [agent]]);
  };
  part(0, []);
  return best;
}

/** Servers bought in fractions, each for no more than it has: no real fleet can be cheaper. */
function fractionalBound(fleet: Fleet): number {
  const offers = offersOf(fleet, CATALOGUE);
  const needs = candidatesOf(fleet).map(({ need }) => need);
  const total = (dimension: number): number => needs.reduce((sum, need) => sum + (need[dimension] ?? 0), 0);
  const dimensions = [0, 1, 2, 3, 4];
  const { status, result } = solve({
    direction: "minimize",
    objective: "monthly",
    constraints: Object.fromEntries(dimensions.map((dimension) => [`r${dimension}`, { min: total(dimension) }])),
    variables: Object.fromEntries(
      offers.map(({ monthly, capacity }, index) => [
        `o${index}`,
        {
          monthly,
          ...Object.fromEntries(dimensions.map((dimension) => [`r${dimension}`, capacity[dimension] ?? 0])),
        },
      ]),
    ),
  });
  if (status !== "optimal") throw new Error(`no bound: ${status}`);
  return result;
}

describe("the hosts that are chosen", () => {
  it("cost at most 2 % more than the true optimum, on 1,000 small fleets", () => {
    const agent = fc
      .record({
        class: fc.constantFrom("light", "standard", "heavy"),
        spread: fc.constantFrom(undefined, undefined, undefined, "x"),
        isolation: fc.constantFrom(undefined, undefined, undefined, undefined, "dedicated"),
      })
      .map((entry) => Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== undefined)));
    const small = fc.record({
      agents: fc.array(agent, { minLength: 1, maxLength: 7 }),
      families: fc.constantFrom(...FAMILIES),
      locations: fc.constantFrom(...LOCATIONS),
      pinned: fc.constantFrom(undefined, undefined, 0),
      volumePerMemory: fc.constantFrom(0, 2.5),
      maxAgents: fc.constantFrom(2, 5, 100),
      classes: fc.oneof(
        fc.constant(CLASSES),
        fc.record({ light: oddClass, standard: oddClass, heavy: oddClass }),
      ),
    });
    let compared = 0;
    fc.assert(
      fc.property(small, ({ agents, families, locations, pinned, volumePerMemory, maxAgents, classes }) => {
        const entries = agents.map((entry, index) => [
          `a${index}`,
          index === pinned ? { ...entry, location: "fsn1" } : entry,
        ]);
        const fleet = fleetOf(
          Object.fromEntries(entries),
          families,
          locations,
          {
            volumePerMemory,
            maxAgents,
          },
          classes,
        );
        const best = optimum(candidatesOf(fleet), offersOf(fleet, CATALOGUE));
        if (best === Infinity) {
          expect(() => place(fleet)).toThrow(/no room/);
          return;
        }
        compared++;
        expect(boughtFor(fleet)).toBeLessThanOrEqual(best * 1.02);
        // Cheaper than the optimum would be a host that holds more than it can.
        expect(boughtFor(fleet)).toBeGreaterThanOrEqual(best * 0.999_999);
      }),
      { numRuns: 1000 },
    );
    expect(compared).toBeGreaterThan(600);
  });

  it.each(FAMILIES.map((families) => ({ families })))(
    "cost at most 5 % more than any servers for 1,000 agents could, of families $families",
    ({ families }) => {
      const mix = fc
        .record({ light: fc.nat(10), standard: fc.nat(10), heavy: fc.nat(10) })
        .filter(({ light, standard, heavy }) => light + standard + heavy > 0);
      fc.assert(
        fc.property(mix, fc.constantFrom(...LOCATIONS), ({ light, standard, heavy }, locations) => {
          const kinds = [
            ...Array(light).fill("light"),
            ...Array(standard).fill("standard"),
            ...Array(heavy).fill("heavy"),
          ];
          const agents = Object.fromEntries(
            Array.from({ length: 1000 }, (_, index) => [`a${index}`, { class: kinds[index % kinds.length] }]),
          );
          const fleet = fleetOf(agents, families, locations);
          expect(boughtFor(fleet) / fractionalBound(fleet)).toBeLessThanOrEqual(1.05);
        }),
        { numRuns: 20 },
      );
    },
  );
});
