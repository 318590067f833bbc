import { describe, expect, it } from "vitest";
import type { Catalogue } from "../../../fleet/hosts/hetzner/catalogue.ts";
import { placeFleet } from "../../../fleet/placement/place.ts";
import { CATALOGUE } from "../../../stacks/catalogue.ts";
import { hetznerGroup, registryOf } from "../../support/fleets.ts";
import { parse } from "../../support/placements.ts";

/** Two types of 4 and 8 GiB, whose prices are exact in binary: adding a small one costs 4 a month. */
const priced = (large: number): Catalogue => {
  const type = { family: "cx", architecture: "x86", cpus: 4, deprecated: false } as const;
  const at = (monthly: number) => ({ fsn1: { monthly, trafficTb: 20, perExtraTb: 1 } });
  return {
    ...CATALOGUE,
    volumePerGb: 0,
    ipv4: 0,
    types: {
      cx4: { ...type, memoryGb: 4, diskGb: 40, prices: at(4) },
      cx8: { ...type, memoryGb: 8, diskGb: 80, prices: at(large) },
    },
  };
};

/** One agent more than the one server of the group holds. */
function growth(catalogue: Catalogue, settings: object = {}) {
  const names = Array.from({ length: 6 }, (_, index) => `a${index}`);
  const fleet = parse({
    hosts: { eu: hetznerGroup({ growth: ["add", "resize"], volumePerMemory: 0, ...settings }) },
    agents: Object.fromEntries(names.map((name) => [name, { class: "light" }])),
  });
  const registry = registryOf(
    Object.fromEntries(names.slice(0, 5).map((name, slot) => [name, { host: "eu-1", slot }])),
    { "eu-1": { serverType: "cx4", location: "fsn1" } },
  );
  return placeFleet(fleet, registry, catalogue).growth;
}

describe("a fleet that may add servers and resize them", () => {
  it("adds a server where both cost the same, because a resize has a downtime", () => {
    const { additions, resizes, options } = growth(priced(8));
    expect(options.map(({ kind, monthly, chosen }) => ({ kind, monthly, chosen }))).toEqual([
      { kind: "add", monthly: 4, chosen: true },
      { kind: "resize", monthly: 4, chosen: false },
    ]);
    expect(additions.map(({ server }) => server)).toEqual(["eu-2"]);
    expect(resizes).toEqual([]);
  });

  it("resizes where that is strictly cheaper", () => {
    const { additions, resizes, options } = growth(priced(7.75));
    expect(options.map(({ kind, monthly, chosen }) => ({ kind, monthly, chosen }))).toEqual([
      { kind: "add", monthly: 4, chosen: false },
      { kind: "resize", monthly: 3.75, chosen: true },
    ]);
    expect(additions).toEqual([]);
    expect(resizes).toMatchObject([
      { server: "eu-1", from: { serverType: "cx4" }, to: { serverType: "cx8" } },
    ]);
  });

  it("does what is allowed where the other way is cheaper", () => {
    expect(growth(priced(7.75), { growth: ["add"] }).additions).toHaveLength(1);
    expect(growth(priced(20), { growth: ["resize"] }).resizes).toHaveLength(1);
  });

  it("gives a new server the lowest number that was never used", () => {
    expect(
      growth(priced(8), { drain: ["eu-2"], retire: ["eu-3"] }).additions.map(({ server }) => server),
    ).toEqual(["eu-4"]);
  });
});
