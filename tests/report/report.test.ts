import { describe, expect, it } from "vitest";
import { reportOf } from "../../report/report.ts";
import { hetznerGroup, planOf, registryOf, TAILNET } from "../support/fleets.ts";
import { CX23 } from "../support/hetzner-plans.ts";

describe("reportOf", () => {
  const report = reportOf(
    planOf(
      {
        hosts: { eu: hetznerGroup({ drain: ["eu-1"] }), one: { kind: "docker" } },
        agents: { alice: { host: "eu", class: "light" }, bob: { host: "one", enabled: false } },
        tailscale: TAILNET,
      },
      registryOf({}, { "eu-1": CX23 }),
    ),
  );

  it("gives what a server is, costs and holds", () => {
    expect(report.hosts["eu-2"]).toEqual({
      serverType: "cx23",
      location: "fsn1",
      memoryMb: 4096,
      cpus: 2,
      diskGb: 10,
      monthlyCost: expect.closeTo(6.562),
      agents: ["alice"],
      services: [
        expect.objectContaining({ name: "ingress", title: "ingress", image: "caddy:2.11.4" }),
        expect.objectContaining({ name: "egress-proxy", title: "egress proxy" }),
        expect.objectContaining({ name: "tailnet", title: "tailnet node" }),
      ],
      use: {
        memory: { used: 754, of: 3072 },
        memoryLimits: { used: 1792, of: 6144 },
        cpus: { used: 1, of: 12.5 },
        disk: { used: 2, of: 10 },
        agents: { used: 1, of: 100 },
      },
      isNew: true,
      isDraining: false,
    });
    expect(report.hosts["eu-1"]).toMatchObject({ isNew: false, isDraining: true, agents: [] });
  });

  it("gives null for what is not known of an operator's own host", () => {
    expect(report.hosts["one"]).toMatchObject({
      serverType: null,
      location: null,
      memoryMb: null,
      monthlyCost: 0,
      use: { memory: { used: 754, of: null }, agents: { used: 1, of: 100 } },
      isNew: false,
    });
  });

  it("gives where each agent is and is found, and nothing secret", () => {
    expect(report.agents["alice"]).toEqual({
      host: "eu-2",
      slot: 0,
      class: "light",
      memoryMb: 1792,
      reservationMb: 754,
      enabled: true,
      url: "https://alice.agents.example.com",
    });
    expect(report.agents["bob"]?.enabled).toBe(false);
  });

  it("can be read from JSON again", () => {
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  });

  it("has an agent and a host named constructor", () => {
    const odd = reportOf(planOf({ hosts: { constructor: { kind: "docker" } }, agents: { constructor: {} } }));
    expect(odd.agents["constructor"]).toMatchObject({ host: "constructor" });
    expect(odd.hosts["constructor"]).toMatchObject({ agents: ["constructor"] });
  });
});
