import { describe, expect, it } from "vitest";
import { stateOf } from "../../stacks/state.ts";
import { NO_OBJECTS } from "../support/docker-plans.ts";

const resource = (type: string, name: string, outputs: unknown) => ({
  urn: `urn:pulumi:prod::agent-fleet::${type}::${name}`,
  type,
  outputs,
});
const FACTS = {
  server: "42",
  serverType: "cx23",
  volumeGb: 10,
  hostKey: "ssh-ed25519 AAAA",
  docker: "26.1.5",
};

describe("what a state says of the fleet", () => {
  it("is its agents' slots, its servers with their parts, and its records", () => {
    const resources = [
      resource("pulumi:index:Stash", "alice-slot", { output: { host: "eu-1", slot: 3 } }),
      resource("pulumi:index:Stash", "eu-1-facts", { output: FACTS }),
      resource("docker:index/network:Network", "alice-network", {
        internal: true,
        ipamConfigs: [{ auxAddress: { DefaultGatewayIPv4: "10.96.0.6" }, subnet: "10.96.0.0/29" }],
      }),
      resource("docker:index/network:Network", "bob-network", {
        internal: true,
        ipamConfigs: [{ auxAddress: null }],
      }),
      resource("docker:index/network:Network", "carol-network", { internal: false, ipamConfigs: [{}] }),
      resource("hcloud:index/server:Server", "eu-1", {
        serverType: "cx33",
        location: "fsn1",
        ipv4Address: "203.0.113.9",
      }),
      resource("hcloud:index/volume:Volume", "eu-1-data", { size: 20 }),
      resource("cloudflare:index/dnsRecord:DnsRecord", "*.example.com", { content: "203.0.113.9" }),
      resource("agent-fleet:index:IsolatedAgent", "alice", { url: "https://alice", egress: ["a.example"] }),
      resource("agent-fleet:index:IsolatedAgent", "bob", { url: "https://bob", egress: "open" }),
      resource("agent-fleet:index:AgentHost", "eu-1", { address: "ssh://x", daemon: "D1" }),
      // As an earlier version left them.
      resource("agent-fleet:index:AgentHost", "eu-2", { address: "ssh://y" }),
      resource("agent-fleet:index:IsolatedAgent", "carol", { url: "https://carol" }),
    ];
    expect(stateOf(resources)).toEqual({
      registry: {
        agents: new Map([["alice", { host: "eu-1", slot: 3 }]]),
        servers: new Map([
          [
            "eu-1",
            { serverType: "cx33", location: "fsn1", address: "203.0.113.9", volumeGb: 20, facts: FACTS },
          ],
        ]),
      },
      unusedGateways: new Map([
        ["alice", true],
        ["bob", false],
      ]),
      records: new Map([["*.example.com", "203.0.113.9"]]),
      objects: NO_OBJECTS,
      daemons: new Map([["eu-1", "D1"]]),
      agents: new Map([
        ["alice", { url: "https://alice", egress: ["a.example"] }],
        ["bob", { url: "https://bob", egress: "open" }],
        ["carol", { url: "https://carol" }],
      ]),
    });
  });

  it("has no facts of a server that was never found ready, and ignores those of a server that is gone", () => {
    const resources = [
      resource("hcloud:index/server:Server", "eu-2", { serverType: "cx23", location: "fsn1" }),
      resource("pulumi:index:Stash", "eu-1-facts", { output: FACTS }),
    ];
    expect(stateOf(resources).registry).toEqual({
      agents: new Map(),
      servers: new Map([["eu-2", { serverType: "cx23", location: "fsn1" }]]),
    });
  });

  it("tells an agent's volume and a server's apart by their types, however they are named", () => {
    const resources = [
      resource("hcloud:index/server:Server", "eu-1", { serverType: "cx23", location: "fsn1" }),
      resource("docker:index/volume:Volume", "eu-1-data", { size: 99 }),
    ];
    expect(stateOf(resources).registry.servers.get("eu-1")).toEqual({ serverType: "cx23", location: "fsn1" });
  });

  it("keeps an agent whose name is a property of every object", () => {
    const slot = { host: "one", slot: 0 };
    const { agents } = stateOf([
      resource("pulumi:index:Stash", "constructor-slot", { output: slot }),
    ]).registry;
    expect([...agents]).toEqual([["constructor", slot]]);
  });
});

describe("what a state says of Docker objects", () => {
  const urnOf = (component: string, type: string, name: string): string =>
    `urn:pulumi:prod::agent-fleet::agent-fleet:index:${component}$${type}::${name}`;
  const object = (component: string, type: string, name: string, outputs: object) => ({
    urn: urnOf(component, type, name),
    type,
    outputs: { id: `id-of-${name}`, name: `fleet.prod.${name}`, ...outputs },
  });
  const CONTAINER = "docker:index/container:Container";

  it("is a container's limits, networks and restart policy, in Docker's units", () => {
    const { ofAgents } = stateOf([
      object("IsolatedAgent", CONTAINER, "alice-gateway", {
        image: "gateway:1",
        memory: 1024,
        memorySwap: 1024,
        memoryReservation: 572,
        cpus: "0.25",
        restart: "unless-stopped",
        networksAdvanced: [{ name: "abc", ipv4Address: "10.96.0.2" }],
        labels: [{ label: "agent-fleet.repairs", value: "3" }],
      }),
    ]).objects;
    expect(ofAgents.get("container alice-gateway")).toEqual({
      kind: "container",
      id: "id-of-alice-gateway",
      name: "fleet.prod.alice-gateway",
      repairs: 3,
      container: {
        image: "gateway:1",
        labels: { "agent-fleet.repairs": "3" },
        limits: {
          memory: 1024 * 1024 ** 2,
          memorySwap: 1024 * 1024 ** 2,
          memoryReservation: 572 * 1024 ** 2,
          nanoCpus: 250_000_000,
        },
        restartPolicy: "unless-stopped",
        networks: ["abc"],
      },
    });
  });

  it("is the exit code of a container that runs once, and the file that it was given", () => {
    const { ofHosts } = stateOf([
      object("AgentHost", CONTAINER, "eu-1-ingress-config", {
        attach: true,
        exitCode: 1,
        restart: "no",
        uploads: [{ file: "/config/caddy.json", content: "{}" }],
      }),
    ]).objects;
    expect(ofHosts.get("container eu-1-ingress-config")?.container?.config).toBe("{}");
    expect(ofHosts.get("container eu-1-ingress-config")).toMatchObject({
      repairs: 0,
      container: { exitCode: 1, restartPolicy: "no" },
    });
  });

  it("keeps apart what an agent and a host call the same, and a volume and a container of one name", () => {
    const { ofAgents, ofHosts } = stateOf([
      object("IsolatedAgent", CONTAINER, "one-echo-gateway", { memory: 1 }),
      object("AgentHost", CONTAINER, "one-echo-gateway", { memory: 2 }),
      object("AgentHost", "docker:index/volume:Volume", "one-echo-gateway", {}),
    ]).objects;
    expect(ofAgents.size).toBe(1);
    expect([...ofHosts.keys()]).toEqual(["container one-echo-gateway", "volume one-echo-gateway"]);
  });
});
