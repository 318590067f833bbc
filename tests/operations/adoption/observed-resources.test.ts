import type { KnownResource } from "pulumi-embedded-engine";
import { describe, expect, it } from "vitest";
import type { ObservedObject } from "../../../fleet/docker/adoption.ts";
import type { ObservedContainer } from "../../../fleet/docker/inventory.ts";
import {
  objectResources,
  replacedResources,
  slotResources,
} from "../../../operations/adoption/observed-resources.ts";
import { stateOf } from "../../../stacks/state.ts";

const NAME = { stack: "test", project: "agent-fleet" };
const MIB = 1024 ** 2;

const container: ObservedContainer = {
  id: "c1",
  name: "fleet.test.alice",
  status: "running",
  health: "healthy",
  failedChecks: 0,
  exitCode: 0,
  restarts: 0,
  limits: { memory: 512 * MIB, memorySwap: 512 * MIB, memoryReservation: 0, nanoCpus: 25e7, pids: 100 },
  restartPolicy: "unless-stopped",
  networks: ["n1"],
};
const base = { host: "one", agent: "alice", runsOnce: false } as const;
const labels = { "agent-fleet.stack": "test", "agent-fleet.repairs": "2" };
const GATEWAY: ObservedObject = {
  ...base,
  kind: "container",
  logical: "alice-gateway",
  object: { id: "c1", name: "fleet.test.alice", labels },
  container,
};
const NETWORK: ObservedObject = {
  ...base,
  kind: "network",
  logical: "alice-network",
  object: { id: "n1", name: "fleet.test.alice", labels: {} },
  network: {
    id: "n1",
    name: "fleet.test.alice",
    labels: {},
    subnets: ["10.96.0.0/29"],
    internal: true,
    auxAddresses: { DefaultGatewayIPv4: "10.96.0.6" },
  },
};
const LOADER: ObservedObject = {
  host: "one",
  agent: undefined,
  kind: "container",
  logical: "one-ingress-config",
  runsOnce: true,
  object: { id: "c2", name: "fleet.test.host_ingress_config", labels: {} },
  container: { ...container, id: "c2", exitCode: 3 },
};

describe("what was seen, as resources", () => {
  it("is read by the program like what the state knows", () => {
    const slots = slotResources(NAME, new Map([["alice", { host: "one", slot: 4 }]]));
    const state = stateOf([...slots, ...objectResources(NAME, [GATEWAY, NETWORK, LOADER])]);
    expect(state.registry.agents).toEqual(new Map([["alice", { host: "one", slot: 4 }]]));
    expect(state.unusedGateways).toEqual(new Map([["alice", true]]));
    expect([...state.objects.ofAgents.values()]).toEqual([
      {
        kind: "container",
        id: "c1",
        name: "fleet.test.alice",
        repairs: 2,
        container: {
          image: "",
          labels: GATEWAY.object.labels,
          limits: { memory: 512 * MIB, memorySwap: 512 * MIB, memoryReservation: 0, nanoCpus: 25e7 },
          restartPolicy: "unless-stopped",
        },
      },
      { kind: "network", id: "n1", name: "fleet.test.alice", repairs: 0 },
    ]);
    expect(state.objects.ofHosts.get("container one-ingress-config")?.container?.exitCode).toBe(3);
  });

  it("has the URNs that the program gives its resources", () => {
    expect(objectResources(NAME, [GATEWAY, LOADER]).map(({ urn }) => urn)).toEqual([
      "urn:pulumi:test::agent-fleet::agent-fleet:index:IsolatedAgent$docker:index/container:Container::alice-gateway",
      "urn:pulumi:test::agent-fleet::agent-fleet:index:AgentHost$docker:index/container:Container::one-ingress-config",
    ]);
  });
});

describe("a resource whose place another object has taken", () => {
  const seen = objectResources(NAME, [GATEWAY]);
  const known = (id: string): KnownResource[] => seen.map((each) => ({ ...each, outputs: { id } }));
  const urns = seen.map(({ urn }) => urn);

  it.each([
    ["is one whose own object is gone", known("c0"), new Set(["c1"]), urns],
    ["is not one that was found as the state knows it", known("c1"), new Set<string>(), []],
    ["is not one whose own object is there under another name", known("c0"), new Set(["c0", "c1"]), []],
    ["is not one that the state does not know", [], new Set(["c1"]), []],
  ])("%s", (_, state, existing, expected) => {
    expect([...replacedResources(state, seen, existing)]).toEqual(expected);
  });
});
