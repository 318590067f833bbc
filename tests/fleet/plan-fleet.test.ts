import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { agentsOf, hetznerGroup, planOf, refusals, registryOf, TAILNET } from "../support/fleets.ts";
import { shareOfRuns } from "../support/properties.ts";

describe("planFleet", () => {
  it("changes nothing of another agent when one is added", () => {
    const before = planOf({ agents: { bob: {}, carol: {} } });
    const after = planOf({ agents: { alice: {}, bob: {}, carol: {} } }, registryOf(agentsOf(before)));
    expect(after.agents.filter(({ name }) => name !== "alice")).toEqual(before.agents);
  });

  it("contains no value that JSON would lose: it can be printed and compared", () => {
    const agents = { alice: {}, bob: { access: "tailscale" }, carol: { channels: { telegram: {} } } };
    const hosts = { one: { kind: "docker" }, eu: hetznerGroup() };
    const whole = planOf({ hosts, agents: { ...agents, dan: { host: "eu" } }, tailscale: TAILNET });
    expect(JSON.parse(JSON.stringify(whole))).toEqual(whole);
  });

  it("resolves names to an address that a server has already, or to one that is not known yet", () => {
    const values = (registry = registryOf()) =>
      planOf({ hosts: { eu: hetznerGroup() }, agents: { alice: {} } }, registry).records.map(
        ({ value }) => value,
      );
    expect(values()).toEqual([null]);
    const server = { serverType: "cx23", location: "fsn1", address: "203.0.113.9" };
    expect(values(registryOf({}, { "eu-1": server }))).toEqual(["203.0.113.9"]);
  });

  it("makes records for public agents alone", () => {
    const agents = {
      alice: {},
      bob: { access: "tailscale" },
      carol: { access: "loopback", isolation: "dedicated" },
    };
    const { records } = planOf({ hosts: { eu: hetznerGroup() }, agents, tailscale: TAILNET });
    expect(records.map(({ name }) => name)).toEqual(["*.agents.example.com"]);
  });

  it("refuses a zone without capacity for its records before anything is created", () => {
    const agents = { alice: { antiAffinity: "x" }, bob: { antiAffinity: "x" }, carol: { antiAffinity: "x" } };
    const plan = (maxRecords: number) => () =>
      planOf({
        hosts: { eu: hetznerGroup() },
        agents,
        dns: { kind: "cloudflare", zoneId: "0".repeat(32), maxRecords },
      });
    expect(refusals(plan(3))).toEqual([]);
    expect(refusals(plan(2))).toEqual([
      "dns.maxRecords = 2 | the fleet needs 3 records: a wildcard, and one for each agent that is on another host than eu-1 | place more agents on that host, use fewer and larger hosts, or a zone with space for more and say so here",
    ]);
  });

  it("gives no two agents a subnet, an address, a port, a name or a URL in common", () => {
    const names = fc.uniqueArray(fc.stringMatching(/^[a-z](?:[a-z0-9-]{0,6}[a-z0-9])?$/), {
      minLength: 2,
      maxLength: 40,
    });
    fc.assert(
      fc.property(names, (all) => {
        const { agents } = planOf({ agents: Object.fromEntries(all.map((name) => [name, {}])) });
        for (const key of ["url", "object", "volume", "loopbackPort"] as const) {
          expect(new Set(agents.map((agent) => agent[key])).size).toBe(all.length);
        }
        expect(new Set(agents.map(({ network }) => network.agent)).size).toBe(all.length);
        expect(new Set(agents.map(({ network }) => network.subnet)).size).toBe(all.length);
      }),
      shareOfRuns(0.4),
    );
  });
});
