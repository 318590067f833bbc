import { describe, expect, it } from "vitest";
import { stateOf } from "../../stacks/state.ts";

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
  it("is its agents' slots, its servers with their parts, its records and its failed loads", () => {
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
      resource("docker:index/container:Container", "eu-1-ingress-config", {
        id: "abc",
        name: "fleet.prod.host_ingress_config",
        attach: true,
        exitCode: 1,
      }),
      resource("docker:index/container:Container", "eu-1-egress-proxy-config", {
        id: "def",
        name: "fleet.prod.host_egress_proxy_config",
        attach: true,
        exitCode: 0,
      }),
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
      failedLoads: new Map([["fleet.prod.host_ingress_config", "abc"]]),
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
