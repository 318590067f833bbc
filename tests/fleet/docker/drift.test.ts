import { describe, expect, it } from "vitest";
import { type DriftReport, describeDrift, findDrift } from "../../../fleet/docker/drift.ts";
import type { HostObservation, Inventory, ObservedContainer } from "../../../fleet/docker/inventory.ts";
import {
  EMPTY_REGISTRY,
  type KnownContainer,
  type KnownObject,
  type KnownObjects,
} from "../../../fleet/registry.ts";
import { EMPTY_INVENTORY, fleetPlan } from "../../support/docker-plans.ts";

const MIB = 1024 ** 2;
const PLAN = fleetPlan();
const PIDS = PLAN.agents[0]?.limits.pids ?? 0;
const GATEWAY: KnownContainer = {
  image: "image:1",
  labels: {},
  limits: { memory: 2048 * MIB, memorySwap: 2048 * MIB, memoryReservation: 572 * MIB, nanoCpus: 2e9 },
  restartPolicy: "unless-stopped",
  networks: ["network-1"],
};
const SERVICE: KnownContainer = {
  image: "image:1",
  labels: {},
  limits: { memory: 512 * MIB, memorySwap: 512 * MIB, memoryReservation: 0, nanoCpus: 0 },
  restartPolicy: "unless-stopped",
};

const known = (
  kind: KnownObject["kind"],
  id: string,
  container?: KnownContainer,
  repairs = 0,
): KnownObject => ({
  kind,
  id,
  name: `fleet.test.${id}`,
  repairs,
  ...(container === undefined ? {} : { container }),
});

const OBJECTS: KnownObjects = {
  ofAgents: new Map([
    ["network alice-network", known("network", "network-1")],
    ["volume alice-data", known("volume", "volume-1")],
    ["container alice-gateway", known("container", "gateway-1", GATEWAY)],
  ]),
  ofHosts: new Map([
    ["volume one-ingress", known("volume", "volume-2")],
    ["container one-ingress", known("container", "ingress-1", SERVICE)],
    ["container one-ingress-config", known("container", "loader-1", { ...SERVICE, exitCode: 0 })],
  ]),
};

const running = (
  id: string,
  { limits, restartPolicy, networks = [] }: KnownContainer,
  pids: number,
): ObservedContainer => ({
  id,
  name: `fleet.test.${id}`,
  status: "running",
  health: "healthy",
  failedChecks: 0,
  exitCode: 0,
  restarts: 0,
  limits: { ...limits, pids },
  restartPolicy,
  networks,
});

const named = (id: string) => ({ id, name: `fleet.test.${id}`, labels: {} });

const gateway = running("gateway-1", GATEWAY, PIDS);
const ingress = running("ingress-1", SERVICE, 0);
const loader: ObservedContainer = { ...running("loader-1", SERVICE, 0), status: "exited", health: "none" };
const AS_IT_SHOULD_BE: Inventory = {
  ...EMPTY_INVENTORY,
  containers: [gateway, ingress, loader],
  networks: [{ ...named("network-1"), subnets: [] }],
  volumes: [named("volume-1"), named("volume-2")],
};

const REGISTRY = { ...EMPTY_REGISTRY, agents: new Map([["alice", { host: "one", slot: 0 }]]) };

const reportOf = (
  inventory: Partial<Inventory>,
  { objects = OBJECTS, registry = REGISTRY, daemons = new Map<string, string>() } = {},
  observations: ReadonlyMap<string, HostObservation> = new Map([
    ["one", { inventory: { ...AS_IT_SHOULD_BE, ...inventory } }],
  ]),
): DriftReport => findDrift(PLAN, { objects, registry, daemons }, observations);

const sentences = (report: DriftReport): string[] => report.drift.map(describeDrift);

const withGateway = (change: Partial<ObservedContainer>): Partial<Inventory> => ({
  containers: [{ ...gateway, ...change }, ingress, loader],
});
const withLimit = (change: Partial<ObservedContainer["limits"]>): Partial<Inventory> =>
  withGateway({ limits: { ...gateway.limits, ...change } });

describe("drift", () => {
  it("is not found where everything is as it was made", () => {
    expect(reportOf({})).toEqual({ drift: [], repairs: { ofAgents: new Map(), ofHosts: new Map() } });
  });

  it.each<[string, Partial<Inventory>, string]>([
    ["removed", { containers: [ingress, loader] }, "is gone: it will be created again."],
    ["being removed", withGateway({ status: "removing" }), "is gone: it will be created again."],
    [
      "stopped",
      withGateway({ status: "exited", exitCode: 137 }),
      "has exited with code 137: it will be replaced.",
    ],
    ["paused", withGateway({ status: "paused" }), "is paused: it will be replaced."],
    [
      "restarting",
      withGateway({ status: "restarting", exitCode: 1, restarts: 3 }),
      "keeps exiting, with code 1: it will be replaced.",
    ],
    ["never started", withGateway({ status: "created" }), "was never started: it will be replaced."],
    ["dead", withGateway({ status: "dead" }), "is dead: it will be replaced."],
    [
      "unhealthy",
      withGateway({ health: "unhealthy", failedChecks: 12 }),
      "is unhealthy (12 health checks in a row failed): it will be replaced.",
    ],
    ["renamed", withGateway({ name: "mine" }), "was renamed to mine: it will be replaced."],
    ["disconnected", withGateway({ networks: [] }), "is not attached to its network: it will be replaced."],
    [
      "connected to another network",
      withGateway({ networks: ["network-1", "other"] }),
      "is attached to a network that is not its own: it will be replaced.",
    ],
    [
      "given less memory",
      withLimit({ memory: 512 * MIB }),
      "has another memory limit: 512 MiB instead of 2048 MiB: it will be replaced.",
    ],
    [
      "given swap",
      withLimit({ memorySwap: 4096 * MIB }),
      "has another limit of memory and swap: 4096 MiB instead of 2048 MiB: it will be replaced.",
    ],
    [
      "given no reservation",
      withLimit({ memoryReservation: 0 }),
      "has another memory reservation: none instead of 572 MiB: it will be replaced.",
    ],
    [
      "given less CPU",
      withLimit({ nanoCpus: 5e8 }),
      "has another CPU limit: 0.5 instead of 2: it will be replaced.",
    ],
    [
      "given more processes",
      withLimit({ pids: 0 }),
      `has another process limit: none instead of ${PIDS}: it will be replaced.`,
    ],
    [
      "given another restart policy",
      withGateway({ restartPolicy: "no" }),
      "has another restart policy: no instead of unless-stopped: it will be replaced.",
    ],
  ])("of a container that was %s is described", (_, inventory, problem) => {
    const report = reportOf(inventory);
    expect(sentences(report)).toEqual([`alice's container ${problem}`]);
    expect(report.repairs).toEqual({
      ofAgents: new Map([["container alice-gateway", 1]]),
      ofHosts: new Map(),
    });
  });

  it.each(["starting", "none"] as const)("is not found in a container whose health is %s", (health) => {
    expect(reportOf(withGateway({ health })).drift).toEqual([]);
  });

  it.each([
    [
      "a health check that fails for less than a minute",
      withGateway({ health: "unhealthy", failedChecks: 11 }),
    ],
    [
      "an exit that Docker has just begun to recover from",
      withGateway({ status: "restarting", restarts: 2 }),
    ],
    ["a memory limit that the daemon drops", withLimit({ memory: undefined })],
    ["a limit of swap that the daemon drops", withLimit({ memorySwap: undefined })],
    ["a memory reservation that the daemon drops", withLimit({ memoryReservation: undefined })],
    ["a CPU limit that the daemon drops", withLimit({ nanoCpus: undefined })],
    ["a process limit that the daemon drops", withLimit({ pids: undefined })],
  ])("is not %s", (_, inventory) => {
    expect(reportOf(inventory).drift).toEqual([]);
  });

  it("names the agent whose object it is, and none for a host's own", () => {
    const { drift } = reportOf({ containers: [] });
    expect(drift.map(({ agent, kind }) => `${agent} ${kind}`)).toEqual([
      "undefined container",
      "undefined container",
      "alice container",
    ]);
  });

  it("names the service of a host, its configuration loader and its volume", () => {
    expect(sentences(reportOf({ containers: [gateway], volumes: [named("volume-1")] }))).toEqual([
      "one's ingress volume is gone, with its data: an empty one will be created.",
      "one's ingress container is gone: it will be created again.",
      "one's ingress configuration loader is gone: it will be created again.",
    ]);
  });

  it("is a configuration that the service refused", () => {
    const objects = {
      ...OBJECTS,
      ofHosts: new Map([
        ...OBJECTS.ofHosts,
        [
          "container one-ingress-config",
          known("container", "loader-1", { ...SERVICE, exitCode: 1 }),
        ] as const,
      ]),
    };
    expect(sentences(reportOf({}, { objects }))).toEqual([
      "one's ingress configuration loader failed the last time: it will be replaced.",
    ]);
  });

  it("is a service's configuration that the service no longer has", () => {
    const inventory = { containers: [gateway, ingress, loader], misconfigured: ["fleet.test.host_ingress"] };
    expect(sentences(reportOf(inventory))).toEqual([
      "one's ingress configuration loader handed over a configuration that the service no longer has: it will be replaced.",
    ]);
  });

  it("is a network or a volume that is gone", () => {
    expect(sentences(reportOf({ networks: [], volumes: [named("volume-2")] }))).toEqual([
      "alice's network is gone: it will be created again.",
      "alice's volume is gone, with its data: an empty one will be created.",
    ]);
  });

  it("is not claimed of a host that did not answer, or was not asked", () => {
    const empty = { containers: [], networks: [], volumes: [] };
    expect(reportOf(empty).drift).not.toEqual([]);
    expect(reportOf(empty, {}, new Map([["one", { problem: "no route" }]])).drift).toEqual([]);
    expect(reportOf(empty, {}, new Map()).drift).toEqual([]);
  });

  it("is not claimed where another daemon answers", () => {
    const empty = { containers: [], networks: [], volumes: [] };
    expect(reportOf(empty, { daemons: new Map([["one", "D0"]]) }).drift).toEqual([]);
    expect(reportOf(empty, { daemons: new Map([["one", "D1"]]) }).drift).not.toEqual([]);
  });

  it("is not looked for in what an agent leaves behind on another host", () => {
    const registry = { ...EMPTY_REGISTRY, agents: new Map([["alice", { host: "attic", slot: 0 }]]) };
    expect(reportOf({ containers: [ingress, loader] }, { registry }).drift).toEqual([]);
  });

  it("is not looked for in an object whose creation failed before its id was known", () => {
    const objects = {
      ...OBJECTS,
      ofAgents: new Map([["container alice-gateway", known("container", "", GATEWAY)]]),
    };
    expect(reportOf({}, { objects }).drift).toEqual([]);
  });

  it("is not looked for in what the state does not know", () => {
    const objects = { ofAgents: new Map(), ofHosts: new Map() };
    expect(reportOf({ containers: [], networks: [], volumes: [] }, { objects }).drift).toEqual([]);
  });
});

describe("a repair", () => {
  const repaired = (repairs: number): KnownObjects => ({
    ...OBJECTS,
    ofAgents: new Map([
      ...OBJECTS.ofAgents,
      ["container alice-gateway", known("container", "gateway-1", GATEWAY, repairs)] as const,
    ]),
  });

  it("is remembered, so that the next update does not undo and repeat it", () => {
    expect(reportOf({}, { objects: repaired(2) }).repairs.ofAgents).toEqual(
      new Map([["container alice-gateway", 2]]),
    );
  });

  it("is counted once more where the object is missing again", () => {
    const { repairs } = reportOf({ containers: [ingress, loader] }, { objects: repaired(2) });
    expect(repairs.ofAgents).toEqual(new Map([["container alice-gateway", 3]]));
  });
});
