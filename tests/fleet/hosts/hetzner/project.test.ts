import { describe, expect, it } from "vitest";
import { hetznerGroup, LOGIN, planOf, refusals, registryOf, TAILNET } from "../../../support/fleets.ts";
import { CX23, planOnHetzner, READY } from "../../../support/hetzner-plans.ts";

describe("what servers share in their Hetzner project", () => {
  it("is nothing where there are no servers", () => {
    expect(planOf().project).toBeUndefined();
  });

  it("has a subnet for each network zone, which other zones do not move", () => {
    const hosts = { eu: hetznerGroup(), us: hetznerGroup({ families: ["cpx"], locations: ["hil"] }) };
    const subnets = (agents: object) => planOnHetzner({ hosts, agents }).project?.network.subnets;
    expect(subnets({ alice: { host: "eu" }, bob: { host: "us" } })).toEqual({
      "eu-central": "10.80.0.0/19",
      "us-west": "10.80.64.0/19",
    });
    expect(subnets({ bob: { host: "us" } })).toEqual({ "us-west": "10.80.64.0/19" });
  });

  it("has a firewall for each group, open to SSH from the ranges that the group names and to the ingress's ports", () => {
    const firewall = (changes: Record<string, unknown>) => planOnHetzner(changes).project?.firewalls[0];
    expect(firewall({})).toMatchObject({ name: "eu", sshFrom: LOGIN.sshFrom, ports: [443] });
    expect(firewall({ ingress: { httpPort: 80, port: 8443 } })?.ports).toEqual([80, 8443]);
    const hosts = {
      eu: hetznerGroup(),
      us: hetznerGroup({ families: ["cpx"], locations: ["hil"], sshFrom: ["198.51.100.0/24"] }),
    };
    const agents = { alice: { host: "eu" }, bob: { host: "us" } };
    expect(
      planOnHetzner({ hosts, agents }).project?.firewalls.map(({ name, sshFrom }) => [name, sshFrom]),
    ).toEqual([
      ["eu", LOGIN.sshFrom],
      ["us", ["198.51.100.0/24"]],
    ]);
  });

  it("has each placement group once, with the stack's name in every name and label", () => {
    const known = Object.fromEntries([1, 2, 11].map((number) => [`eu-${number}`, CX23]));
    const project = planOnHetzner({}, registryOf({}, known)).project;
    expect(project?.placementGroups.map(({ name }) => name)).toEqual(["eu-spread-1", "eu-spread-2"]);
    const names = [project?.network, ...(project?.placementGroups ?? []), ...(project?.firewalls ?? [])];
    for (const part of names) expect(part?.physicalName).toMatch(/^fleet-prod-1/);
    expect(project?.labels).toEqual({ "agent-fleet.stack": "Prod_1" });
  });
});

describe("servers whose SSH is closed", () => {
  const closed = { hosts: { eu: hetznerGroup({ sshFrom: [] }) }, tailscale: TAILNET };

  it("cannot be new, because they could not be reached", () => {
    expect(refusals(() => planOnHetzner(closed))).toEqual([
      "hosts.eu.sshFrom = [] | eu-1 is new and not yet in the tailnet, so it could not be reached | name your own address there, bring the fleet up, and close it again",
    ]);
  });

  it("may be closed once they have been found ready", () => {
    expect(refusals(() => planOnHetzner(closed, registryOf({}, { "eu-1": READY })))).toEqual([]);
  });
});
