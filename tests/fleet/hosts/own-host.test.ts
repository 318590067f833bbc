import { describe, expect, it } from "vitest";
import { EMPTY_REGISTRY } from "../../../fleet/registry.ts";
import { CATALOGUE } from "../../../stacks/catalogue.ts";
import { fleet } from "../../support/fleets.ts";

function host(settings: object = {}) {
  const { hosts, settings: all } = fleet({ hosts: { one: { kind: "docker", ...settings } } });
  const entry = hosts.get("one");
  if (entry === undefined) throw new Error("there is no host");
  const surroundings = { registry: EMPTY_REGISTRY, catalogue: CATALOGUE, sizing: all.sizing };
  return { entry, surroundings, existing: entry.existing(surroundings) };
}

describe("a host of the operator's own", () => {
  it("exists, cannot grow, and costs nothing", () => {
    const { entry, surroundings, existing } = host();
    expect(existing).toMatchObject({
      hosts: [{ name: "one", isDraining: false }],
      retired: [],
      problems: [],
    });
    expect(entry.offers(surroundings)).toEqual([]);
    expect(entry).toMatchObject({ growth: [], provisions: undefined, isProtected: false, locations: [] });
    expect(entry.planServer("one", {} as never, {} as never)).toBeUndefined();
  });

  it("owns its own name alone", () => {
    const { entry } = host();
    expect(["one", "one-1", "two"].map((name) => entry.owns(name))).toEqual([true, false, false]);
  });

  it("holds as many agents as it has slots, or fewer where its settings say so", () => {
    const agents = (settings: object): number | undefined => host(settings).existing.hosts[0]?.capacity[4];
    expect(agents({ ports: ["20000-20009"] })).toBe(10);
    expect(agents({ ports: ["20000-20009"], maxAgents: 3 })).toBe(3);
    expect(agents({ ports: ["20000-20009"], maxAgents: 99 })).toBe(10);
  });

  it("accepts no agents while it drains", () => {
    expect(host({ drain: true }).existing.hosts[0]?.isDraining).toBe(true);
  });
});
