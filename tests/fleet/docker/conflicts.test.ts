import { describe, expect, it } from "vitest";
import { findConflicts } from "../../../fleet/docker/conflicts.ts";
import type { HostObservation, Inventory } from "../../../fleet/docker/inventory.ts";
import { EMPTY_REGISTRY, type KnownObject } from "../../../fleet/registry.ts";
import { EMPTY_INVENTORY, fleetPlan, NO_OBJECTS } from "../../support/docker-plans.ts";

const PLAN = fleetPlan();
const [ALICE] = PLAN.agents;
const SUBNET = ALICE?.network.subnet ?? "";
const OURS = { "agent-fleet.stack": "test" };
const NEW = { objects: NO_OBJECTS, registry: EMPTY_REGISTRY, daemons: new Map() };

const known = (kind: KnownObject["kind"], id: string): KnownObject => ({
  kind,
  id,
  name: "fleet.test.alice",
  repairs: 0,
});
/** A state that has alice's container and network. */
const EXISTING = {
  objects: {
    ...NO_OBJECTS,
    ofAgents: new Map([
      ["container alice-gateway", known("container", "c1")],
      ["network alice-network", known("network", "n1")],
    ]),
  },
  registry: { ...EMPTY_REGISTRY, agents: new Map([["alice", { host: "one", slot: 0 }]]) },
  daemons: new Map([["one", "D1"]]),
};

const conflictsOf = (inventory: Partial<Inventory>, state: Parameters<typeof findConflicts>[1] = NEW) =>
  findConflicts(
    PLAN,
    state,
    new Map<string, HostObservation>([["one", { inventory: { ...EMPTY_INVENTORY, ...inventory } }]]),
  );

const container = (id: string, name: string, labels = {}) => ({ id, name, labels });
const network = (id: string, name: string, subnet: string, labels = {}) => ({
  id,
  name,
  labels,
  subnets: [subnet],
});

describe("a conflict with an update", () => {
  it("is nothing on an empty host, or on one that did not answer", () => {
    expect(conflictsOf({})).toEqual([]);
    expect(findConflicts(PLAN, NEW, new Map([["one", { problem: "no route" }]]))).toEqual([]);
    expect(findConflicts(PLAN, NEW, new Map())).toEqual([]);
  });

  it("is nothing where the state knows what exists", () => {
    expect(
      conflictsOf(
        {
          containerNames: [container("c1", "fleet.test.alice", OURS)],
          networks: [network("n1", "fleet.test.alice", SUBNET, OURS)],
        },
        EXISTING,
      ),
    ).toEqual([]);
  });

  it("is a fleet of this stack that the state does not know, as one problem with the commands that remove it", () => {
    expect(
      conflictsOf({
        containerNames: [
          container("c1", "fleet.test.alice", OURS),
          container("c2", "fleet.test.host_ingress", OURS),
          container("c3", "elsewhere", OURS),
        ],
        networks: [network("n1", "fleet.test.alice", SUBNET, OURS)],
      }),
    ).toEqual([
      {
        path: "hosts.one",
        message:
          "host one has 3 objects of stack test that its state does not know: container fleet.test.host_ingress, network fleet.test.alice, container fleet.test.alice",
        remedy:
          "`npm run adopt -- --stack test` takes them over. If they are left over, remove them: docker rm --force fleet.test.host_ingress fleet.test.alice && docker network rm fleet.test.alice",
      },
    ]);
  });

  it("is another daemon than the one that has the fleet, whatever else it has", () => {
    const state = { ...EXISTING, daemons: new Map([["one", "D0"]]) };
    expect(conflictsOf({ containerNames: [container("c9", "fleet.test.alice")] }, state)).toEqual([
      {
        path: "hosts.one",
        message:
          "the Docker daemon at unix:///var/run/docker.sock has the id D1, and what the state has of host one is on another one, D0",
        remedy:
          'correct the address, DOCKER_HOST or the docker context. If the other daemon is gone for good, set hosts.one.daemon to "D1": everything is then created there, and every agent starts without its data',
      },
    ]);
  });

  it.each([
    ["D1", []],
    [
      "D2",
      [
        "the Docker daemon at unix:///var/run/docker.sock has the id D1, and this host must be another one, D2",
      ],
    ],
  ])("follows the setting before the state: %s", (daemon, expected) => {
    const plan = fleetPlan({ hosts: { one: { kind: "docker", daemon } } });
    const state = { ...NEW, daemons: new Map([["one", "D0"]]) };
    const found = findConflicts(plan, state, new Map([["one", { inventory: EMPTY_INVENTORY }]]));
    expect(found.map(({ message }) => message)).toEqual(expected);
  });

  it("is a foreign container with the name of the fleet's own", () => {
    expect(conflictsOf({ containerNames: [container("c9", "fleet.test.alice")] }, EXISTING)).toEqual([
      {
        path: "hosts.one",
        value: "fleet.test.alice",
        message: "another container on host one has this name, and it is not of stack test",
        remedy: "rename it, or remove it: docker rm --force fleet.test.alice",
      },
    ]);
  });

  it("is not an object whose creation failed before its id was known", () => {
    const objects = {
      ...NO_OBJECTS,
      ofAgents: new Map([["container alice-gateway", known("container", "")]]),
    };
    const containerNames = [container("c9", "fleet.test.alice", OURS)];
    expect(conflictsOf({ containerNames }, { ...EXISTING, objects })).toEqual([]);
  });

  it("is not the container of an agent that is switched off", () => {
    const plan = fleetPlan({ agents: { alice: { enabled: false } } });
    const view: HostObservation = {
      inventory: { ...EMPTY_INVENTORY, containerNames: [container("c9", "fleet.test.alice")] },
    };
    expect(findConflicts(plan, NEW, new Map([["one", view]]))).toEqual([]);
  });

  it("is another network in a new agent's subnet, by name", () => {
    expect(conflictsOf({ networks: [network("n9", "kind", "10.96.0.0/16")] })).toEqual([
      {
        path: "hosts.one.subnets",
        value: SUBNET,
        message: "this subnet of alice overlaps the Docker network kind (10.96.0.0/16)",
        remedy: "remove that network (docker network rm kind), or choose another range",
      },
    ]);
  });

  it.each([
    ["next to it", network("n9", "kind", "10.97.0.0/16")],
    ["without IPv4", network("n9", "kind", "fd00::/64")],
    ["of the fleet itself", network("n9", "fleet.test.bob", "10.96.0.0/16", OURS)],
  ])("is not a network %s", (_, other) => {
    expect(conflictsOf({ networks: [other] })).toEqual([]);
  });

  it("is not a subnet that the agent's network has already", () => {
    const networks = [network("n1", "fleet.test.alice", SUBNET, OURS), network("n9", "kind", "10.96.0.0/16")];
    expect(conflictsOf({ networks }, EXISTING)).toEqual([]);
  });

  it("is an agent with more CPUs than its host", () => {
    expect(conflictsOf({ cpus: 1 })).toEqual([
      {
        path: "agents.alice.class",
        value: "standard",
        message: "it has 2 CPUs, and host one has 1",
        remedy:
          "set hosts.one.cpus to 1, which limits every agent there to what exists, or choose a smaller class",
      },
    ]);
  });
});
