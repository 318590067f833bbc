import { describe, expect, it } from "vitest";
import { reportOf } from "../../report/report.ts";
import { renderPlanText } from "../../report/text.ts";
import { hetznerGroup, planOf, registryOf, TAILNET } from "../support/fleets.ts";
import { CX23 } from "../support/hetzner-plans.ts";

const text = (...args: Parameters<typeof planOf>): string => renderPlanText(reportOf(planOf(...args)));

describe("renderPlanText", () => {
  it("shows hosts, agents, costs, services, changes, options, records and notices", async () => {
    const agents = Object.fromEntries(["alice", "bob", "carol", "dan"].map((name) => [name, {}]));
    const changes = {
      hosts: { eu: hetznerGroup() },
      classes: { standard: { memoryMb: 2048, reservationMb: 700, cpus: 2 } },
      agents: {
        ...agents,
        bob: { enabled: false },
        dan: { egress: "open", usage: { messagesPerDay: 1000 } },
      },
      tailscale: TAILNET,
    };
    const registry = registryOf(
      Object.fromEntries(["alice", "bob", "carol"].map((name, slot) => [name, { host: "eu-1", slot }])),
      { "eu-1": { ...CX23, address: "203.0.113.9" } },
    );
    await expect(`${text(changes, registry)}\n`).toMatchFileSnapshot("text/server-added.txt");
  });

  it("shows a fleet on the operator's own hosts, in which nothing changes", async () => {
    const registry = registryOf({ alice: { host: "one", slot: 0 }, bob: { host: "one", slot: 1 } });
    await expect(`${text({}, registry)}\n`).toMatchFileSnapshot("text/own-host.txt");
  });

  it("leaves the records to the operator only where the fleet does not set them", () => {
    const hosts = { paris: { kind: "ssh", address: "paris.example.net" } };
    expect(text({ hosts })).toContain("DNS records, to be set at the domain's DNS provider:");
    const dns = { kind: "cloudflare", zoneId: "0".repeat(32) };
    expect(text({ hosts, dns })).toContain("DNS records:\n");
  });

  it("marks a drained host, and sorts hosts by number", () => {
    const servers = Object.fromEntries([1, 2, 10].map((number) => [`eu-${number}`, CX23]));
    const lines = text(
      { hosts: { eu: hetznerGroup({ drain: ["eu-2"] }) }, agents: {} },
      registryOf({}, servers),
    ).split("\n");
    expect(lines.slice(1, 4).map((line) => line.split("  ")[0])).toEqual(["eu-1", "eu-2 (drained)", "eu-10"]);
  });
});
