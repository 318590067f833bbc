import { describe, expect, it } from "vitest";
import type { Offer } from "../../../fleet/placement/offer.ts";
import { PlacementHost } from "../../../fleet/placement/placement-host.ts";
import { cheapestLarger, cheapestResize, mayMeet, sumOf } from "../../../fleet/placement/resize.ts";
import { candidate, offer } from "../../support/placements.ts";

const small = offer({ monthly: 4 });
const large = offer({ memoryMb: 8192, monthly: 7 });

const host = (of: Offer = small, name = "eu-1"): PlacementHost => PlacementHost.ordered(name, of);

describe("cheapestLarger", () => {
  it("is the cheapest type that holds the server's agents and the new ones", () => {
    const huge = offer({ memoryMb: 16_384, monthly: 12 });
    const full = host();
    for (const name of ["a", "b", "c", "d", "e"]) full.place(candidate(name));
    expect(cheapestLarger(full, [candidate("f")], [small, huge, large])).toBe(large);
    expect(cheapestLarger(full, [candidate("f", { need: [5000, 1, 1, 1, 1] })], [huge, large])).toBe(huge);
  });

  it("meets a pin to the server itself", () => {
    expect(cheapestLarger(host(), [candidate("a", { pin: "eu-1" })], [large])).toBe(large);
  });

  const machine = { ...large.machine };
  it.each<[string, Partial<Offer>]>([
    ["of another group", { group: { ...large.group, name: "us" } }],
    ["in another location", { location: "nbg1" }],
    ["of another architecture", { architecture: "arm" }],
    ["that is not more expensive", { monthly: 4 }],
    ["with a smaller disk", { machine: { ...machine, diskGb: 20 } }],
    ["with less memory", { machine: { ...machine, memoryMb: 2048 } }],
  ])("is never a type %s", (_, changes) => {
    const other = { ...large, ...changes };
    expect(cheapestLarger(host(), [candidate("a")], [other])).toBeUndefined();
  });

  it("never makes a data volume smaller", () => {
    const withVolume = host({ ...small, machine: { ...small.machine, dataGb: 50 } });
    expect(cheapestLarger(withVolume, [], [large])).toBeUndefined();
  });

  it("is not looked for where the host drains or is the operator's own", () => {
    expect(
      cheapestLarger(new PlacementHost({ ...host().options, isDraining: true }), [], [large]),
    ).toBeUndefined();
    expect(
      cheapestLarger(new PlacementHost({ ...host().options, offer: undefined }), [], [large]),
    ).toBeUndefined();
  });
});

describe("cheapestResize", () => {
  it("is of the server whose resize costs least", () => {
    const medium = offer({ memoryMb: 6144, monthly: 5 });
    const hosts = [host(small, "eu-1"), host(medium, "eu-2")];
    expect(cheapestResize([candidate("a")], hosts, [large])).toMatchObject({
      host: { name: "eu-2" },
      monthly: 2,
    });
  });

  it("prefers one that is allowed, and shows one that is not where there is no other", () => {
    const fixed = { ...small, group: { ...small.group, growth: ["add"] as const } };
    const hosts = [host({ ...fixed, monthly: 6 }, "eu-1"), host(small, "eu-2")];
    expect(cheapestResize([candidate("a")], hosts, [large])).toMatchObject({
      host: { name: "eu-2" },
      allowed: true,
    });
    expect(cheapestResize([candidate("a")], hosts.slice(0, 1), [large])).toMatchObject({ allowed: false });
  });

  it("puts no agents together that exclude each other, and none where there are no slots", () => {
    const pair = [candidate("a", { antiAffinity: "x" }), candidate("b", { antiAffinity: "x" })];
    expect(mayMeet(pair)).toBe(false);
    expect(cheapestResize(pair, [host()], [large])).toBeUndefined();
    expect(
      cheapestResize([candidate("a")], [new PlacementHost({ ...host().options, freeSlots: 0 })], [large]),
    ).toBeUndefined();
  });
});

describe("a resize and agents that are to be alone", () => {
  it("do not go together with others", () => {
    const [alone, other] = [candidate("a", { isDedicated: true }), candidate("b")];
    expect(cheapestResize([alone, other], [host()], [large])).toBeUndefined();
    expect(cheapestResize([alone], [host()], [large])).toMatchObject({ to: large });
  });
});

describe("a resize and data volumes", () => {
  const volume = { sizeGb: 50, perGb: 1 };
  const withVolume = (of: Offer): Offer => ({ ...of, volume, machine: { ...of.machine, dataGb: 50 } });

  it("keep the server's volume, whatever its group gives to new ones", () => {
    const now = { ...withVolume(small), monthly: 54, costs: { ...small.costs, volume: 50 } };
    expect(cheapestLarger(host(now), [], [large])).toMatchObject({
      machine: { dataGb: 50 },
      monthly: 57,
      costs: { volume: 50 },
    });
    expect(
      cheapestLarger(
        host(now),
        [],
        [{ ...withVolume(large), volume: { sizeGb: 20, perGb: 1 }, monthly: 27 }],
      ),
    ).toMatchObject({ volume, monthly: 57 });
  });

  it("are no larger type for a larger volume alone", () => {
    expect(
      cheapestLarger(host(withVolume(small)), [candidate("a", { need: [1, 1, 1, 20, 1] })], [small]),
    ).toBe(undefined);
  });
});

describe("sumOf", () => {
  it("adds up what agents need", () => {
    expect(sumOf([candidate("a"), candidate("b")])).toEqual([1200, 2048, 2, 4, 2]);
    expect(sumOf([])).toEqual([0, 0, 0, 0, 0]);
  });
});
