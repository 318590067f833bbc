import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { planFleet } from "../../../fleet/plan/plan.ts";
import type { Registry } from "../../../fleet/placement/slots.ts";
import { CATALOGUE } from "../../../stacks/catalogue.ts";
import { fleet } from "../../support/fleets.ts";

const plan = (changes: Record<string, unknown> = {}, agents: Registry["agents"] = {}) =>
  planFleet(fleet(changes), { servers: {}, agents }, "test", CATALOGUE);

describe("planFleet", () => {
  it("derives everything of an agent from its slot and its name", () => {
    const registry = { alice: { host: "one", slot: 5 } };
    expect(plan({ agents: { alice: {} } }, registry).agents[0]).toMatchObject({
      name: "alice",
      host: "one",
      slot: 5,
      url: "https://alice.agents.example.com",
      hostname: "alice.agents.example.com",
      loopbackPort: 18_805,
      room: { subnet: "10.96.0.40/29", bridge: "10.96.0.41", agent: "10.96.0.42", nowhere: "10.96.0.46" },
      object: "fleet.test.alice",
      labels: { "agent-fleet.stack": "test", "agent-fleet.agent": "alice" },
    });
  });

  it("keeps the heap below the memory limit", () => {
    const [agent] = plan({ agents: { alice: { class: "light" } } }).agents;
    expect(agent?.limits.memoryMb).toBe(1024);
    expect(agent?.env["NODE_OPTIONS"]).toBe("--max-old-space-size=768");
  });

  it("gives no agent more CPUs than its host has, and says so", () => {
    const hosts = { one: { kind: "docker", cpus: 2 } };
    const { agents, notices } = plan({ hosts, agents: { alice: { class: "heavy" }, bob: {} } });
    expect(agents.map(({ limits }) => limits.cpus)).toEqual([2, 2]);
    const odd = plan({
      hosts: { one: { kind: "docker", cpus: 1.3 } },
      agents: { alice: { class: "heavy" } },
    });
    // In quarters: any other number would replace the container at every run.
    expect(odd.agents[0]?.limits.cpus).toBe(1.25);
    expect(notices).toEqual(["alice may use 2 of the 4 CPUs that class heavy allows: one has no more."]);
  });

  it("sends an agent's traffic to the egress proxy, and an open one's not", () => {
    const [alice, bob] = plan({ agents: { alice: {}, bob: { egress: "open" } } }).agents;
    expect(alice?.env).toMatchObject({
      OPENCLAW_PROXY_URL: "http://10.96.0.1:3128",
      HTTPS_PROXY: "http://10.96.0.1:3128",
    });
    expect(Object.keys(bob?.env ?? {}).filter((key) => key.includes("PROXY"))).toEqual([]);
  });

  it("says what opens an agent to the world, and what it leaves behind", () => {
    const registry = { alice: { host: "one", slot: 0 }, zoe: { host: "one", slot: 1 } };
    expect(plan({ agents: { alice: { egress: "open" } } }, registry).notices).toEqual([
      "alice has open egress: it reaches the whole internet, past the egress proxy.",
      "zoe leaves the fleet; its data stays in volume fleet.test.zoe. To delete it for good: npm run purge -- zoe",
    ]);
  });

  it("changes nothing of anybody else when an agent comes", () => {
    const before = plan({ agents: { bob: {}, carol: {} } });
    const registry = Object.fromEntries(before.agents.map(({ name, host, slot }) => [name, { host, slot }]));
    const after = plan({ agents: { alice: {}, bob: {}, carol: {} } }, registry);
    expect(after.agents.filter(({ name }) => name !== "alice")).toEqual(before.agents);
  });

  it("holds no secret and no value that JSON would lose: it can be printed and compared", () => {
    const whole = plan();
    expect(JSON.parse(JSON.stringify(whole))).toEqual(whole);
  });

  it("gives no two agents a room, an address, a port, a name or a URL in common", () => {
    const names = fc.uniqueArray(fc.stringMatching(/^[a-z](?:[a-z0-9-]{0,6}[a-z0-9])?$/), {
      minLength: 2,
      maxLength: 40,
    });
    fc.assert(
      fc.property(names, (all) => {
        const { agents } = plan({ agents: Object.fromEntries(all.map((name) => [name, {}])) });
        for (const key of ["url", "object", "volume", "loopbackPort"] as const) {
          expect(new Set(agents.map((agent) => agent[key])).size).toBe(all.length);
        }
        expect(new Set(agents.map(({ room }) => room.agent)).size).toBe(all.length);
      }),
      { numRuns: 200 },
    );
  });
});
