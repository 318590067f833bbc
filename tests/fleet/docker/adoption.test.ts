import { describe, expect, it } from "vitest";
import { observedObjects, observedSlots, ownObjects } from "../../../fleet/docker/adoption.ts";
import type { HostObservation, Inventory, ObservedContainer } from "../../../fleet/docker/inventory.ts";
import { EMPTY_INVENTORY, fleetPlan } from "../../support/docker-plans.ts";
import { fleet } from "../../support/fleets.ts";

const OURS = { "agent-fleet.stack": "test" };
const of = (agent: string) => ({ ...OURS, "agent-fleet.agent": agent });
const named = (id: string, name: string, labels: Record<string, string> = OURS) => ({ id, name, labels });
const network = (agent: string, subnet: string, labels = of(agent)) => ({
  ...named(`n-${agent}`, `fleet.test.${agent}`, labels),
  subnets: [subnet],
});
const container = (name: string): ObservedContainer => ({
  id: `c-${name}`,
  name,
  status: "running",
  health: "none",
  failedChecks: 0,
  exitCode: 0,
  restarts: 0,
  limits: { memory: 0, memorySwap: 0, memoryReservation: 0, nanoCpus: 0, pids: 0 },
  restartPolicy: "",
  networks: [],
});
const observations = (
  inventories: Readonly<Record<string, Partial<Inventory>>>,
): Map<string, HostObservation> =>
  new Map(
    Object.entries(inventories).map(([host, inventory]) => [
      host,
      { inventory: { ...EMPTY_INVENTORY, ...inventory } },
    ]),
  );

const TWO_HOSTS = {
  hosts: {
    one: { kind: "docker", subnets: "10.96.0.0/24" },
    two: { kind: "ssh", address: "203.0.113.5", hostKey: "ssh-ed25519 AAAA", subnets: "10.96.0.0/24" },
  },
};

describe("the objects of a stack", () => {
  it("are those with its label, on every host that answered", () => {
    const seen = observations({
      one: {
        containerNames: [named("c1", "a"), named("c2", "b", { "agent-fleet.stack": "prod" })],
        networks: [network("alice", "10.96.0.0/29"), { ...named("n2", "other", {}), subnets: [] }],
      },
      two: { volumes: [named("v", "v")] },
    });
    seen.set("three", { problem: "no route" });
    expect(ownObjects(seen, "test").map(({ host, kind, object }) => [host, kind, object.id])).toEqual([
      ["one", "container", "c1"],
      ["one", "network", "n-alice"],
      ["two", "volume", "v"],
    ]);
  });
});

describe("the slots of agents whose state is lost", () => {
  const slotsOf = (inventories: Readonly<Record<string, Partial<Inventory>>>) =>
    Object.fromEntries(observedSlots(fleet(TWO_HOSTS).hosts, observations(inventories), "test"));

  it("are those that their networks' subnets are", () => {
    const networks = [network("alice", "10.96.0.0/29"), network("bob", "10.96.0.16/29")];
    expect(slotsOf({ one: { networks }, two: { networks: [network("carol", "10.96.0.8/29")] } })).toEqual({
      alice: { host: "one", slot: 0 },
      bob: { host: "one", slot: 2 },
      carol: { host: "two", slot: 1 },
    });
  });

  it("are not known of a network that is of another stack, has another's name, or is not in the host's range", () => {
    const networks = [
      network("alice", "10.96.0.0/29", { "agent-fleet.stack": "prod", "agent-fleet.agent": "alice" }),
      network("bob", "10.96.0.8/29", of("alice")),
      network("carol", "10.96.1.0/29"),
      network("dave", "10.96.0.4/30"),
    ];
    expect(slotsOf({ one: { networks } })).toEqual({});
  });

  it.each([
    ["one", "two"],
    ["two", "one"],
  ])("are where its container is, of an agent that has a network on two hosts (%s)", (here, there) => {
    expect(
      slotsOf({
        [here]: { networks: [network("alice", "10.96.0.8/29")], containers: [container("fleet.test.alice")] },
        [there]: { networks: [network("alice", "10.96.0.24/29")] },
      }),
    ).toEqual({ alice: { host: here, slot: 1 } });
  });
});

describe("what exists of a plan", () => {
  const observationOf = (inventory: Partial<Inventory>, settings: Record<string, unknown> = {}): string[] =>
    observedObjects(fleetPlan(settings), observations({ one: inventory })).map(
      ({ agent, kind, logical, runsOnce }) =>
        `${agent ?? "host"}: ${kind} ${logical}${runsOnce ? ", once" : ""}`,
    );
  const ALL = {
    containerNames: [
      named("c1", "fleet.test.alice", of("alice")),
      named("c2", "fleet.test.host_ingress"),
      named("c3", "fleet.test.host_ingress_config"),
      named("c4", "fleet.test.elsewhere"),
    ],
    networks: [network("alice", "10.96.0.0/29")],
    volumes: [named("fleet.test.host_ingress", "fleet.test.host_ingress")],
  };

  it("is what has its names and labels, under the state's names", () => {
    expect(observationOf(ALL)).toEqual([
      "host: volume one-ingress",
      "host: container one-ingress",
      "host: container one-ingress-config, once",
      "alice: network alice-network",
      "alice: container alice-gateway",
    ]);
  });

  it("is not what another agent's label says, nor the container of one that is switched off", () => {
    const foreign = [named("c1", "fleet.test.alice", of("bob"))];
    expect(observationOf({ containerNames: foreign })).toEqual([]);
    expect(
      observationOf({ containerNames: ALL.containerNames }, { agents: { alice: { enabled: false } } }),
    ).toEqual(["host: container one-ingress", "host: container one-ingress-config, once"]);
  });

  it("is what its own host has", () => {
    expect(observedObjects(fleetPlan(), observations({ two: ALL }))).toEqual([]);
  });
});
