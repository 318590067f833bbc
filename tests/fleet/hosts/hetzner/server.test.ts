import { describe, expect, it } from "vitest";
import { hetznerGroup, LOGIN, registryOf, TAILNET } from "../../../support/fleets.ts";
import { CX23, READY, serversOf } from "../../../support/hetzner-plans.ts";

describe("a server's plan", () => {
  it("has names that a cloud accepts, and Debian", () => {
    expect(serversOf()).toMatchObject([
      {
        physicalName: expect.stringMatching(/^fleet-prod-1-eu-1--[0-9a-f]{8}$/),
        dataVolume: expect.stringMatching(/^fleet-prod-1-eu-1-data--[0-9a-f]{8}$/),
        group: "eu",
        image: "debian-13",
        serverType: "cx23",
        location: "fsn1",
        volumeGb: 10,
        labels: { "agent-fleet.stack": "Prod_1", "agent-fleet.host": "eu-1" },
      },
    ]);
  });

  it("has the same user data as every server of its group, and nothing secret in it", () => {
    const [first, second, ...rest] = serversOf({
      agents: { alice: { isolation: "dedicated" }, bob: { isolation: "dedicated" } },
    });
    expect(rest).toEqual([]);
    expect(first?.userData).toBe(second?.userData);
    expect(first?.userData).toContain(LOGIN.publicKeys[0]);
    expect(first?.userData).not.toMatch(/eu-1|alice|Prod_1/);
  });

  it("keeps a data volume that is larger than its type would get, because none can be made smaller", () => {
    const known = registryOf({}, { "eu-1": { ...CX23, volumeGb: 80 } });
    const withoutVolume = { hosts: { eu: hetznerGroup({ volumePerMemory: 0 }) } };
    expect(serversOf({}, known)[0]?.volumeGb).toBe(80);
    expect(serversOf(withoutVolume, known)[0]?.volumeGb).toBe(80);
    expect(serversOf(withoutVolume)[0]).toMatchObject({ volumeGb: 0, dataVolume: undefined });
  });

  it("puts ten servers into a placement group, by their numbers, so that none ever changes it", () => {
    const known = Object.fromEntries([1, 10, 11].map((number) => [`eu-${number}`, CX23]));
    const groups = serversOf({}, registryOf({}, known)).map(({ labels, placementGroup }) => [
      labels["agent-fleet.host"],
      placementGroup,
    ]);
    expect(groups).toEqual([
      ["eu-1", "eu-spread-1"],
      ["eu-10", "eu-spread-1"],
      ["eu-11", "eu-spread-2"],
    ]);
  });

  it("is protected until it is drained, unless its group is not", () => {
    const known = registryOf({}, { "eu-1": CX23, "eu-2": CX23 });
    const isProtected = (settings: object) =>
      serversOf({ hosts: { eu: hetznerGroup(settings) } }, known).map((server) => server.isProtected);
    expect(isProtected({})).toEqual([true, true]);
    expect(isProtected({ drain: ["eu-2"] })).toEqual([true, false]);
    expect(isProtected({ protection: false })).toEqual([false, false]);
  });

  it("reaches SSH over the tailnet where it is closed to the internet", () => {
    const known = registryOf({}, { "eu-1": READY });
    const closed = { hosts: { eu: hetznerGroup({ sshFrom: [] }) }, tailscale: TAILNET };
    expect(serversOf(closed, known)[0]?.sshAddress).toMatch(/^prod-1-eu-1--[0-9a-f]{8}\.tail1234\.ts\.net$/);
    expect(serversOf({ tailscale: TAILNET }, known)[0]?.sshAddress).toBeUndefined();
  });

  it("knows what was observed when the server was last found ready", () => {
    expect(serversOf({}, registryOf({}, { "eu-1": READY }))[0]?.known).toEqual(READY.facts);
    expect(serversOf({}, registryOf({}, { "eu-1": CX23 }))[0]?.known).toBeUndefined();
  });

  it("opens its firewall to the services that agents need, and the internet to the ingress alone", () => {
    const [server] = serversOf({ ingress: { httpPort: 80, port: 8443 }, egressProxy: { port: 3129 } });
    expect(server?.publicPorts).toEqual([80, 8443]);
    expect(server?.userData).toContain("tcp dport { 80, 3129, 8443 } accept");
  });
});
