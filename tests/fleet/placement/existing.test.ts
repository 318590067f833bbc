import { describe, expect, it } from "vitest";
import { existingHosts, keepRunning } from "../../../fleet/placement/existing.ts";
import { CATALOGUE } from "../../../stacks/catalogue.ts";
import { fleet, hetznerGroup, registryOf, rendered } from "../../support/fleets.ts";
import { CX23 } from "../../support/hetzner-plans.ts";
import { candidate } from "../../support/placements.ts";

const HOSTS = { one: { kind: "docker", ports: ["20000-20004"] }, eu: hetznerGroup() };

const existing = (registry = registryOf(), hosts: object = HOSTS) => {
  const { hosts: entries, settings } = fleet({ hosts, agents: {} });
  return existingHosts(entries, { registry, catalogue: CATALOGUE, sizing: settings.sizing });
};

describe("existingHosts", () => {
  it("are the operator's own and the servers that the state knows", () => {
    expect([...existing(registryOf({}, { "eu-1": CX23 })).hosts.keys()]).toEqual(["eu-1", "one"]);
  });

  it("count the slots that no agent has, those outside the ranges left out", () => {
    const agents = {
      alice: { host: "one", slot: 0 },
      bob: { host: "one", slot: 3 },
      far: { host: "one", slot: 77 },
    };
    expect(existing(registryOf(agents)).hosts.get("one")?.freeSlots).toBe(3);
  });
});

describe("keepRunning", () => {
  const alice = { host: "one", slot: 1 };

  it("leaves an agent where it is, and waits with one that is new", () => {
    const registry = registryOf({ alice });
    const { hosts } = existing(registry);
    const kept = keepRunning([candidate("alice"), candidate("bob")], hosts, registry);
    expect(kept.waiting.map(({ name }) => name)).toEqual(["bob"]);
    expect(kept.moves).toEqual([]);
    expect(hosts.get("one")?.agents.map(({ name }) => name)).toEqual(["alice"]);
  });

  it.each([
    ["it is pinned to eu", { pin: "eu" }],
    ["it is restricted to fsn1", { location: "fsn1" }],
  ])("moves an agent with its reason: %s", (why, changes) => {
    const registry = registryOf({ alice });
    const kept = keepRunning([candidate("alice", changes)], existing(registry).hosts, registry);
    expect(kept.moves).toEqual([{ agent: "alice", from: "one", why }]);
  });

  it("moves the agents of a host that drains or is gone, by their names", () => {
    const registry = registryOf({ bob: { host: "gone", slot: 0 }, alice });
    const { hosts } = existing(registry, { one: { kind: "docker", drain: true }, eu: hetznerGroup() });
    expect(keepRunning([candidate("bob"), candidate("alice")], hosts, registry).moves).toEqual([
      { agent: "alice", from: "one", why: "one is drained" },
      { agent: "bob", from: "gone", why: "gone is no longer a host of the fleet" },
    ]);
  });

  it("moves a dedicated agent away from others, and lets one alone stay", () => {
    const both = registryOf({ alice, bob: { host: "one", slot: 2 } });
    const dedicated = candidate("alice", { isDedicated: true });
    expect(keepRunning([dedicated, candidate("bob")], existing(both).hosts, both).moves).toEqual([
      { agent: "alice", from: "one", why: "it is to be alone on its host" },
    ]);
    expect(
      keepRunning([dedicated], existing(registryOf({ alice })).hosts, registryOf({ alice })).moves,
    ).toEqual([]);
  });

  it("parts agents that may no longer be together in each way that leaves as many as possible", () => {
    const registry = registryOf({ alice, bob: { host: "one", slot: 2 }, carol: { host: "one", slot: 3 } });
    const agents = [
      candidate("alice", { isDedicated: true }),
      candidate("bob", { antiAffinity: "x" }),
      candidate("carol", { antiAffinity: "x" }),
    ];
    const parted = (way: number) => keepRunning(agents, existing(registry).hosts, registry, way);
    expect(parted(0).ways).toBe(3);
    expect([0, 1, 2].map((way) => parted(way).moves.map(({ agent, why }) => `${agent}: ${why}`))).toEqual([
      ["alice: it is to be alone on its host", "carol: another agent with antiAffinity x is on one"],
      ["alice: it is to be alone on its host", "bob: another agent with antiAffinity x is on one"],
      ["bob: alice is to be alone on one", "carol: alice is to be alone on one"],
    ]);
  });

  it("refuses a slot that the host's ranges no longer contain", () => {
    const registry = registryOf({ alice: { host: "one", slot: 5 } });
    const { problems } = keepRunning([candidate("alice")], existing(registry).hosts, registry);
    expect(problems.map(rendered)).toEqual([
      "hosts.one.ports | agent alice has slot 5 on one, which is beyond the ranges of ports and subnets | widen them again; ranges grow at their end",
    ]);
  });
});
