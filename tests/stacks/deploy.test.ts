import * as pulumi from "@pulumi/pulumi";
import type { Properties } from "pulumi-embedded-engine/values";
import type { Goal } from "pulumi-embedded-engine/wire";
import { describe, expect, it, vi } from "vitest";
import { awaitReady } from "../../components/hetzner/readiness.ts";
import { findDrift } from "../../fleet/docker/drift.ts";
import type { HostObservation } from "../../fleet/docker/inventory.ts";
import type { FleetPlan } from "../../fleet/plan-fleet.ts";
import { EMPTY_REGISTRY } from "../../fleet/registry.ts";
import type { Access } from "../../stacks/config.ts";
import { deployFleet, type FleetOutputs } from "../../stacks/deploy.ts";
import type { StackState } from "../../stacks/state.ts";
import { fleetPlan, HETZNER, NO_OBJECTS } from "../support/docker-plans.ts";
import { registrationsOf } from "../support/project/recording-engine.ts";
import { goalOf } from "../support/project/registrations.ts";

vi.mock("../../components/hetzner/readiness.ts");

const NETWORK = "docker:index/network:Network";
const RECORD = "cloudflare:index/dnsRecord:DnsRecord";
/** No daemon answers there. */
const SILENT = { hosts: { one: { kind: "docker", address: "tcp://127.0.0.1:1" } } };

const ACCESS: Access = {
  hetzner: { token: undefined, endpoint: undefined },
  cloudflare: { token: undefined, endpoint: undefined },
  credentials: new Map(),
};
const NEW_STACK: StackState = {
  registry: EMPTY_REGISTRY,
  objects: NO_OBJECTS,
  agents: new Map(),
  daemons: new Map(),
  unusedGateways: new Map(),
  records: new Map(),
};

const created = ({ type }: Goal): Properties => {
  if (type.endsWith("RandomBytes")) return { hex: "00", base64: Buffer.alloc(32).toString("base64") };
  return type.endsWith("PrimaryIp") ? { ipAddress: "203.0.113.9" } : {};
};

async function deploy(
  plan: FleetPlan,
  state: Partial<StackState> = {},
  dryRun = false,
  observations: ReadonlyMap<string, HostObservation> = new Map(),
) {
  let outputs: FleetOutputs | undefined;
  const goals = await registrationsOf(
    () => {
      const known = { ...NEW_STACK, ...state };
      outputs = deployFleet(plan, new Map(), ACCESS, known, findDrift(plan, known, observations));
    },
    { dryRun, created },
  );
  return { goals, outputs };
}

/** Whether the network's default route leads to an unused gateway. */
const hasUnusedGateway = (goals: readonly Goal[]): boolean =>
  JSON.stringify(goalOf(goals, NETWORK, "alice-network").inputs["ipamConfigs"]).includes(
    "DefaultGatewayIPv4",
  );

describe("an agent's network", () => {
  const existing = (host: string, unused: boolean): Partial<StackState> => ({
    registry: { ...EMPTY_REGISTRY, agents: new Map([["alice", { host, slot: 0 }]]) },
    agents: new Map(),
    unusedGateways: new Map([["alice", unused]]),
  });

  it("gets an unused gateway where the daemon may need one", async () => {
    expect(hasUnusedGateway((await deploy(fleetPlan(SILENT))).goals)).toBe(true);
  });

  it("stays as it is on a host that the agent stays on, whatever the daemon has become", async () => {
    const { goals } = await deploy(fleetPlan(SILENT), existing("one", false));
    expect(hasUnusedGateway(goals)).toBe(false);
  });

  it("is decided on again on another host", async () => {
    const { goals } = await deploy(fleetPlan(SILENT), existing("two", false));
    expect(hasUnusedGateway(goals)).toBe(true);
  });

  it.each([
    ["20.10.24+dfsg1", true],
    ["26.1.5+dfsg1", false],
  ])("follows a server's own Docker %s", async (docker, isNeeded) => {
    vi.mocked(awaitReady).mockResolvedValue({ hostKey: "ssh-ed25519 BBBB", docker });
    expect(hasUnusedGateway((await deploy(fleetPlan(HETZNER))).goals)).toBe(isNeeded);
  });
});

describe("DNS records", () => {
  const DNS = { dns: { kind: "cloudflare", zoneId: "0".repeat(32) } };
  const hosts = {
    one: { kind: "ssh", address: "203.0.113.1" },
    two: { kind: "ssh", address: "203.0.113.2" },
  };
  const agents = { alice: { host: "one" }, bob: { host: "one" }, carol: { host: "two" } };

  it("are children of what they are for: the wildcard of the zone, the others of their agents", async () => {
    const { goals } = await deploy(fleetPlan({ ...DNS, hosts, agents }), {}, true);
    const records = goals
      .filter(({ type }) => type === RECORD)
      .map(({ name, parent, inputs }) => [name, parent?.split("::").at(-1), inputs["content"]]);
    expect(records).toEqual([
      ["*.agents.example.com", "dns", "203.0.113.1"],
      ["carol.agents.example.com", "carol", "203.0.113.2"],
    ]);
  });

  it("resolve to a server's address as soon as it exists", async () => {
    vi.mocked(awaitReady).mockResolvedValue({ hostKey: "ssh-ed25519 BBBB", docker: "26.1.5" });
    const { goals } = await deploy(fleetPlan({ ...DNS, ...HETZNER }));
    expect(goalOf(goals, RECORD, "*.agents.example.com").inputs["content"]).toBe("203.0.113.9");
  });

  it("are left to the operator by default", async () => {
    const { goals } = await deploy(fleetPlan({ hosts, agents }), {}, true);
    expect(goals.filter(({ type }) => type.includes("cloudflare"))).toEqual([]);
  });
});

describe("the outputs", () => {
  it("have every agent's token, as secrets", async () => {
    const { outputs } = await deploy(fleetPlan(SILENT));
    expect(outputs && (await pulumi.isSecret(outputs.tokens))).toBe(true);
  });
});

describe("a plan that contradicts itself", () => {
  it("is not deployed", async () => {
    const plan = { ...fleetPlan(SILENT), hosts: [] };
    await expect(deploy(plan)).rejects.toThrow("alice is placed on one, which is not in the plan");
  });
});
