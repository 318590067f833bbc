import { describe, expect, it } from "vitest";
import { earlierData } from "../../../fleet/docker/earlier-data.ts";
import type { HostObservation } from "../../../fleet/docker/inventory.ts";
import { EMPTY_REGISTRY } from "../../../fleet/registry.ts";
import { EMPTY_INVENTORY, fleetPlan } from "../../support/docker-plans.ts";

const { agents } = fleetPlan();
const viewWith = (...volumes: readonly string[]): ReadonlyMap<string, HostObservation> =>
  new Map([
    [
      "one",
      {
        inventory: { ...EMPTY_INVENTORY, volumes: volumes.map((name) => ({ id: name, name, labels: {} })) },
      },
    ],
  ]);
const registry = (host: string) => ({ ...EMPTY_REGISTRY, agents: new Map([["alice", { host, slot: 0 }]]) });

describe("an earlier agent's data", () => {
  it("is announced where a new agent gets it", () => {
    const [notice, ...others] = earlierData(agents, EMPTY_REGISTRY, viewWith("fleet.test.alice"));
    expect(notice).toMatch(
      /^alice begins with the data of an earlier alice: volume fleet\.test\.alice exists on one\./,
    );
    expect(others).toEqual([]);
  });

  it("is announced where an agent comes to a host that it was on before", () => {
    expect(earlierData(agents, registry("two"), viewWith("fleet.test.alice"))).toHaveLength(1);
  });

  it.each([
    ["the agent is there already", registry("one"), viewWith("fleet.test.alice")],
    ["there is none", EMPTY_REGISTRY, viewWith("fleet.test.bob")],
    ["the host did not answer", EMPTY_REGISTRY, new Map([["one", { problem: "no route" }]])],
    ["the host was not asked", EMPTY_REGISTRY, new Map()],
  ])("is not announced where %s", (_, known, observations) => {
    expect(earlierData(agents, known, observations)).toEqual([]);
  });
});
