import { describe, expect, it } from "vitest";
import { stateOf } from "../../stacks/state.ts";

const resource = (type: string, name: string, outputs: unknown) => ({
  urn: `urn:pulumi:prod::agent-fleet::${type}::${name}`,
  type,
  outputs,
});
const known = {
  server: "42",
  serverType: "cx23",
  volumeGb: 10,
  hostKey: "ssh-ed25519 AAAA",
  docker: "26.1.5",
};

describe("what a state says of the fleet", () => {
  it("is its agents' places, its servers with their parts, its records and its failed loads", () => {
    const resources = [
      resource("pulumi:index:Stash", "alice-slot", { output: { host: "eu-1", slot: 3 } }),
      resource("pulumi:index:Stash", "eu-1-identity", { output: known }),
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
        name: "loader",
        attach: true,
        exitCode: 1,
      }),
    ];
    expect(stateOf(resources)).toEqual({
      registry: {
        agents: { alice: { host: "eu-1", slot: 3 } },
        servers: {
          "eu-1": {
            serverType: "cx33",
            location: "fsn1",
            address: "203.0.113.9",
            volumeGb: 20,
            identity: known,
          },
        },
      },
      deadEnds: { alice: true, bob: false },
      records: { "*.example.com": "203.0.113.9" },
      failedLoads: { loader: "abc" },
    });
  });

  it("has a server that was never found ready without an identity, and the identity of one that is gone nowhere", () => {
    const resources = [
      resource("hcloud:index/server:Server", "eu-2", { serverType: "cx23", location: "fsn1" }),
      resource("pulumi:index:Stash", "eu-1-identity", { output: known }),
    ];
    expect(stateOf(resources).registry).toEqual({
      agents: {},
      servers: { "eu-2": { serverType: "cx23", location: "fsn1" } },
    });
  });
});
