import { describe, expect, it } from "vitest";
import type { Catalogue } from "../../../../fleet/hosts/hetzner/catalogue.ts";
import { EMPTY_REGISTRY } from "../../../../fleet/registry.ts";
import { fleet, hetznerGroup } from "../../../support/fleets.ts";

const price = { monthly: 8, trafficTb: 20, perExtraTb: 1 };
const type = {
  family: "cx",
  architecture: "x86",
  cpus: 2,
  memoryGb: 4,
  diskGb: 40,
  deprecated: false,
} as const;

const CATALOGUE: Catalogue = {
  date: "2026-10-01",
  source: "made up",
  currency: "EUR",
  volumePerGb: 0.25,
  ipv4: 0.5,
  types: {
    cx1: { ...type, prices: { fsn1: price, nbg1: price } },
    cx2: { ...type, memoryGb: 6, prices: { fsn1: price } },
    cx0: { ...type, deprecated: true, prices: { fsn1: price } },
    ccx1: { ...type, family: "ccx", prices: { fsn1: price } },
  },
};

const offers = (settings: object) => {
  const { hosts, settings: all } = fleet({ hosts: { eu: hetznerGroup(settings) }, agents: {} });
  const surroundings = { registry: EMPTY_REGISTRY, catalogue: CATALOGUE, sizing: all.sizing };
  return hosts.get("eu")?.offers(surroundings) ?? [];
};

describe("what a group of servers can order", () => {
  it("is every type of its families in its locations, in the order of the locations, and nothing deprecated", () => {
    const names = (settings: object) =>
      offers(settings).map(({ serverType, location }) => `${serverType} ${location}`);
    expect(names({ locations: ["nbg1", "fsn1"] })).toEqual(["cx1 nbg1", "cx1 fsn1", "cx2 fsn1"]);
    expect(names({ families: ["ccx", "cx"] })).toEqual(["cx1 fsn1", "cx2 fsn1", "ccx1 fsn1"]);
    expect(names({ families: ["cax"] })).toEqual([]);
  });

  it("costs the server, its volume and its address", () => {
    expect(offers({})[0]).toMatchObject({
      monthly: 8 + 10 * 0.25 + 0.5,
      costs: { server: 8, volume: 2.5, address: 0.5 },
      trafficTb: 20,
    });
    expect(offers({ volumePerMemory: 0 })[0]).toMatchObject({
      monthly: 8.5,
      costs: { volume: 0 },
      machine: { diskGb: 40, dataGb: undefined },
    });
  });

  it("has a volume in steps of 10 GB", () => {
    const volumes = (volumePerMemory: number) =>
      offers({ volumePerMemory }).map(({ machine }) => machine.dataGb);
    expect(volumes(2.5)).toEqual([10, 20]);
    expect(volumes(2.6)).toEqual([20, 20]);
    expect(volumes(0.1)).toEqual([10, 10]);
  });

  it("holds as many agents as the group has slots, or fewer where it says so", () => {
    const agents = (settings: object) => offers(settings)[0]?.machine.maxAgents;
    expect([agents({}), agents({ maxAgents: 7 }), agents({ ports: ["20000-20004"], maxAgents: 7 })]).toEqual([
      100, 7, 5,
    ]);
  });
});
