import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { solve } from "yalps";
import type { Fleet } from "../../../fleet/config/fleet.ts";
import { candidateOf } from "../../../fleet/placement/place.ts";
import type { Candidate } from "../../../fleet/placement/placement-host.ts";
import { cheapestServer, cheapestServers, suitsOffer } from "../../../fleet/placement/purchase.ts";
import { CATALOGUE } from "../../../stacks/catalogue.ts";
import { cheapestPrice } from "../../support/exhaustive.ts";
import { hetznerGroup } from "../../support/fleets.ts";
import {
  CLASSES,
  candidate,
  offer,
  offersFor,
  parse,
  place,
  type RawAgent,
  type RawClasses,
} from "../../support/placements.ts";
import { shareOfRuns } from "../../support/properties.ts";

const FAMILIES = [["cx"], ["cax"], ["cpx"], ["ccx"], ["cx", "cax", "cpx", "ccx"], ["cpx", "ccx"]];
const LOCATIONS = [["fsn1"], ["fsn1", "nbg1", "hel1"], ["ash", "fsn1"], ["sin", "fsn1"]];

const fleetOf = (
  agents: Record<string, RawAgent>,
  families: string[],
  locations: string[],
  classes: RawClasses = CLASSES,
): Fleet => parse({ hosts: { eu: hetznerGroup({ families, locations }) }, agents }, classes);

/** With more data than the volumes that servers have at least hold. */
const WITH_MUCH_DATA: RawClasses = {
  light: { ...CLASSES.light, diskGb: 8 },
  standard: { ...CLASSES.standard, diskGb: 25 },
  heavy: { ...CLASSES.heavy, diskGb: 3 },
};

/** Of any size that a server could hold, and out of proportion. */
const oddClass = fc
  .record({
    memoryMb: fc.integer({ min: 700, max: 20_000 }),
    share: fc.integer({ min: 20, max: 100 }),
    quarters: fc.integer({ min: 1, max: 60 }),
    diskGb: fc.oneof(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 6000 })),
  })
  .map(({ memoryMb, share, quarters, diskGb }) => ({
    memoryMb,
    reservationMb: Math.floor((memoryMb * share) / 100),
    cpus: quarters / 4,
    diskGb,
  }));

const candidatesOf = ({ agents }: Fleet): Candidate[] => agents.map(candidateOf);

const boughtFor = (fleet: Fleet): number =>
  place(fleet).growth.additions.reduce((sum, { offer }) => sum + offer.monthly, 0);

/** Servers bought in fractions, each for no more than it has: no real fleet can be cheaper. */
function fractionalBound(fleet: Fleet): number {
  const offers = offersFor(fleet);
  const needs = candidatesOf(fleet).map(({ need }) => need);
  const total = (dimension: number): number => needs.reduce((sum, need) => sum + (need[dimension] ?? 0), 0);
  const dimensions = [0, 1, 2, 3, 4];
  const { status, result } = solve({
    direction: "minimize",
    objective: "monthly",
    constraints: Object.fromEntries(
      dimensions.map((dimension) => [`r${dimension}`, { min: total(dimension) }]),
    ),
    variables: Object.fromEntries(
      [
        ...offers.map(({ monthly, capacity, machine }) => ({
          monthly,
          gives: dimensions.map((dimension) =>
            dimension === 3 ? (machine.dataGb ?? capacity[3]) : capacity[dimension],
          ),
        })),
        // A GB more of any volume.
        { monthly: CATALOGUE.volumePerGb, gives: [0, 0, 0, 1, 0] },
      ].map(({ monthly, gives }, index) => [
        `o${index}`,
        {
          monthly,
          ...Object.fromEntries(dimensions.map((dimension) => [`r${dimension}`, gives[dimension] ?? 0])),
        },
      ]),
    ),
  });
  if (status !== "optimal") throw new Error(`no bound: ${status}`);
  return result;
}

describe("the servers that are chosen", () => {
  it("cost at most 2 % more than the true optimum over server types and sizes of volumes, on small fleets", () => {
    const agent = fc
      .record({
        class: fc.constantFrom("light", "standard", "heavy"),
        antiAffinity: fc.constantFrom(undefined, undefined, undefined, "x"),
        isolation: fc.constantFrom(undefined, undefined, undefined, undefined, "dedicated"),
      })
      .map((entry) => Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== undefined)));
    const small = fc.record({
      agents: fc.array(agent, { minLength: 1, maxLength: 7 }),
      families: fc.constantFrom(...FAMILIES),
      locations: fc.constantFrom(...LOCATIONS),
      pinned: fc.constantFrom(undefined, undefined, 0),
      // Another group, to which one agent is pinned.
      elsewhere: fc.constantFrom(undefined, undefined, 1, 2),
      volumePerMemory: fc.constantFrom(0, 0.5, 2.5),
      maxAgents: fc.constantFrom(2, 5, 100),
      classes: fc.oneof(
        fc.constant(CLASSES),
        fc.record({ light: oddClass, standard: oddClass, heavy: oddClass }),
      ),
    });
    // Trying every choice for one fleet takes 10 ms.
    const runs = shareOfRuns(0.4);
    let compared = 0;
    fc.assert(
      fc.property(
        small,
        ({ agents, families, locations, pinned, elsewhere, volumePerMemory, maxAgents, classes }) => {
          const entries = agents.map((entry, index) => [
            `a${index}`,
            {
              ...entry,
              ...(index === pinned ? { location: "fsn1" } : {}),
              ...(index === elsewhere ? { host: "us" } : {}),
            },
          ]);
          const settings = { volumePerMemory, maxAgents };
          const fleet = parse(
            {
              hosts: {
                eu: hetznerGroup({ families, locations, ...settings }),
                ...(elsewhere === undefined
                  ? {}
                  : { us: hetznerGroup({ families: ["cx", "ccx"], ...settings }) }),
              },
              agents: Object.fromEntries(entries),
            },
            classes,
          );
          const best = cheapestPrice(fleet);
          if (best === Infinity) {
            expect(() => place(fleet)).toThrow(/no capacity/);
            return;
          }
          compared++;
          expect(boughtFor(fleet)).toBeLessThanOrEqual(best * 1.02);
          // Cheaper than the optimum would be a host that holds more than it can.
          expect(boughtFor(fleet)).toBeGreaterThanOrEqual(best * 0.999_999);
        },
      ),
      runs,
    );
    expect(compared).toBeGreaterThan(runs.numRuns * 0.6);
  });

  it.each(FAMILIES.map((families) => ({ families })))(
    "cost at most 5 % more than any servers for 1,000 agents could, of families $families",
    ({ families }) => {
      const mix = fc
        .record({ light: fc.nat(10), standard: fc.nat(10), heavy: fc.nat(10) })
        .filter(({ light, standard, heavy }) => light + standard + heavy > 0);
      fc.assert(
        fc.property(
          mix,
          fc.constantFrom(...LOCATIONS),
          fc.constantFrom(CLASSES, WITH_MUCH_DATA),
          ({ light, standard, heavy }, locations, classes) => {
            const kinds = [
              ...Array(light).fill("light"),
              ...Array(standard).fill("standard"),
              ...Array(heavy).fill("heavy"),
            ];
            const agents = Object.fromEntries(
              Array.from({ length: 1000 }, (_, index) => [
                `a${index}`,
                { class: kinds[index % kinds.length] },
              ]),
            );
            const fleet = fleetOf(agents, families, locations, classes);
            expect(boughtFor(fleet) / fractionalBound(fleet)).toBeLessThanOrEqual(1.05);
          },
        ),
        shareOfRuns(0.01),
      );
    },
  );
});

describe("cheapestServer", () => {
  const small = offer({ serverType: "small", monthly: 4 });
  const large = offer({ serverType: "large", memoryMb: 8192, monthly: 7 });

  it("is the cheapest that holds all of the agents together", () => {
    const agents = [candidate("a"), candidate("b")];
    expect(cheapestServer(agents, [1200, 2048, 2, 4, 2], [large, small])).toBe(small);
    expect(cheapestServer(agents, [3073, 2048, 2, 4, 2], [large, small])).toBe(large);
    expect(cheapestServer(agents, [9000, 2048, 2, 4, 2], [large, small])).toBeUndefined();
  });

  it("is the first of equally cheap ones", () => {
    const twin = { ...small, location: "nbg1" };
    expect(cheapestServer([candidate("a")], [1, 1, 1, 1, 1], [small, twin])).toBe(small);
    expect(cheapestServer([candidate("a")], [1, 1, 1, 1, 1], [twin, small])).toBe(twin);
  });

  it("suits every agent's pin and location", () => {
    expect(suitsOffer(candidate("a", { pin: "eu", location: "fsn1" }), small)).toBe(true);
    expect(suitsOffer(candidate("a", { pin: "us" }), small)).toBe(false);
    expect(suitsOffer(candidate("a", { location: "nbg1" }), small)).toBe(false);
    // A server that exists cannot be bought.
    expect(suitsOffer(candidate("a", { pin: "eu-1" }), small)).toBe(false);
    const picky = [candidate("a"), candidate("b", { location: "nbg1" })];
    expect(cheapestServer(picky, [1, 1, 1, 1, 1], [small])).toBeUndefined();
  });
});

describe("cheapestServers", () => {
  it("gives every agent a server, and no server without agents", () => {
    const agents = Array.from({ length: 11 }, (_, index) => candidate(`a${index}`));
    const purchases = cheapestServers(agents, [offer()]);
    expect(purchases.flatMap((each) => each.agents.map(({ name }) => name)).toSorted()).toEqual(
      agents.map(({ name }) => name).toSorted(),
    );
    // Five fit on each.
    expect(purchases.map((each) => each.agents.length).toSorted()).toEqual([1, 5, 5]);
  });

  it("separates agents that exclude each other", () => {
    const agents = ["a", "b", "c"].map((name) => candidate(name, { antiAffinity: "x" }));
    expect(cheapestServers(agents, [offer()]).map((each) => each.agents.length)).toEqual([1, 1, 1]);
  });
});
