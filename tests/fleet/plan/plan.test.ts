import { describe, expect, it } from "vitest";
import { placeFleet } from "../../../fleet/placement/place.ts";
import { planNeutrally } from "../../../fleet/plan/plan.ts";
import { CATALOGUE } from "../../../stacks/catalogue.ts";
import { fleet, hetznerGroup, registryOf, TAILNET } from "../../support/fleets.ts";
import { CX23 } from "../../support/hetzner-plans.ts";

const IPV4 = /\b\d{1,3}(?:\.\d{1,3}){3}\b/g;

function neutralPlan(changes: Record<string, unknown>, registry = registryOf()) {
  const all = fleet(changes);
  return planNeutrally(all, placeFleet(all, registry, CATALOGUE), registry, CATALOGUE);
}

describe("planNeutrally", () => {
  it("contains no IPv4 address, whatever the hosts and however agents are reached", () => {
    const access = (host: string) =>
      Object.fromEntries(
        ["public", "tailscale", "loopback"].map((each) => [
          `${host}-${each}`,
          { host, access: each, channels: { telegram: {} } },
        ]),
      );
    const changes = {
      hosts: {
        here: { kind: "docker" },
        far: { kind: "docker", address: "tcp://203.0.113.9:2375" },
        paris: { kind: "ssh", address: "203.0.113.5" },
        eu: hetznerGroup({ growth: ["add", "resize"] }),
      },
      agents: {
        ...access("here"),
        ...access("far"),
        ...access("paris"),
        ...access("eu"),
        open: { egress: "open" },
      },
      tailscale: TAILNET,
      ingress: { listen: ["203.0.113.1"], loopbackClient: "192.0.2.7" },
    };
    const server = { ...CX23, address: "203.0.113.77" };
    const registry = registryOf(
      { "eu-public": { host: "eu-1", slot: 0 }, gone: { host: "eu-1", slot: 9 } },
      { "eu-1": server },
    );
    for (const plan of [neutralPlan(changes), neutralPlan(changes, registry)]) {
      expect(plan.agents).toHaveLength(13);
      expect(plan.hosts).toHaveLength(4);
      expect(JSON.stringify(plan).match(IPV4)).toBeNull();
    }
  });

  it("contains no port on a host and no name of a Docker object", () => {
    const text = JSON.stringify(neutralPlan({}));
    expect(text).not.toMatch(/188\d\d|3128|fleet\./);
  });

  it("gives agents and hosts by name, each agent on the host that it is placed on", () => {
    const { agents, hosts } = neutralPlan({
      hosts: { two: { kind: "docker", address: "tcp://two:1" }, one: { kind: "docker" } },
      agents: { zoe: { host: "one" }, alice: { host: "two" } },
    });
    expect(agents.map(({ name, host }) => [name, host])).toEqual([
      ["alice", "two"],
      ["zoe", "one"],
    ]);
    expect(hosts.map(({ name }) => name)).toEqual(["one", "two"]);
  });
});
