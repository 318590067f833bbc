/** The whole program: everything that it registers for a small fleet. The golden file shows a change's effect as a diff. */
import { isSecret, type Properties } from "pulumi-embedded-engine/values";
import type { Goal } from "pulumi-embedded-engine/wire";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { type FakeDaemon, startDaemon } from "../support/docker-daemon.ts";
import type { Recorded } from "../support/project/recording-engine.ts";
import { record, summary } from "../support/project/registrations.ts";

const FLEET = {
  domain: "agents.example.com",
  hosts: { one: { kind: "docker" } },
  agents: {
    alice: { egress: ["api.example.com"], channels: { telegram: {} }, labels: { team: "red" } },
    bob: { enabled: false },
    carol: { class: "light", egress: "open", env: { TZ: "UTC" } },
  },
};
const SECRETS = { alice: { TELEGRAM_BOT_TOKEN: "12345:hidden" } };

describe("the program", () => {
  let recorded: Recorded;
  beforeAll(async () => {
    recorded = await record(FLEET, { secrets: SECRETS, slots: { carol: 0, zoe: 1 } });
  });
  const goal = (name: string, type: string): Goal => {
    const found = recorded.goals.find((each) => each.name === name && each.type.endsWith(type));
    if (found === undefined) throw new Error(`${name} was not registered`);
    return found;
  };

  it("registers exactly what the golden file says", async () => {
    const text = JSON.stringify(
      { registrations: recorded.goals.map(summary), outputs: recorded.outputs },
      null,
      2,
    );
    await expect(`${text}\n`).toMatchFileSnapshot("program.golden.json");
  });

  it("registers a slot, token, network, data and gateway below each agent, but no gateway for a disabled one", () => {
    const children = (agent: string): string[] =>
      recorded.goals
        .filter(({ parent }) => parent?.endsWith(`IsolatedAgent::${agent}`))
        .map(({ name }) => name)
        .toSorted();
    expect(children("alice")).toEqual([
      "alice-data",
      "alice-gateway",
      "alice-network",
      "alice-slot",
      "alice-token",
    ]);
    expect(children("bob")).toEqual(["bob-data", "bob-network", "bob-slot", "bob-token"]);
  });

  it("keeps the registry's slots, and does not reuse one that a removed agent still holds", () => {
    const slots = ["alice", "bob", "carol"].map(
      (name) => (goal(`${name}-slot`, "Stash").inputs["input"] as Properties)["slot"],
    );
    expect(slots).toEqual([2, 3, 0]);
  });

  it("passes secrets on as secrets, and only to what needs them", () => {
    expect(isSecret(goal("alice-gateway", "Container").inputs["envs"])).toBe(true);
    const shown = JSON.stringify(recorded.goals.map(summary)) + JSON.stringify(recorded.outputs["fleet"]);
    expect(shown).not.toContain("hidden");
    expect(isSecret(recorded.outputs["tokens"])).toBe(true);
  });

  it("warns of what the operator should know", () => {
    expect(recorded.messages).toEqual([
      "carol has open egress: it reaches the whole internet, past the egress proxy.",
      "zoe leaves the fleet; its data stays in volume fleet.test.zoe. To delete it for good: npm run purge -- zoe",
    ]);
  });

  it("needs no default provider, and refers to a network by what changes when the network is replaced", () => {
    const custom = recorded.goals.filter(
      ({ custom: isCustom, type }) => isCustom && !type.startsWith("pulumi:"),
    );
    expect(custom.filter(({ provider }) => provider === undefined)).toEqual([]);
    expect(goal("carol-gateway", "Container").propertyDependencies["networksAdvanced"]).toEqual([
      goal("carol-network", "Network").urn,
    ]);
  });
});

describe("the program, before it plans", () => {
  const NETWORK = "docker:index/network:Network";
  const urn = `urn:pulumi:test::agent-fleet::agent-fleet:index:IsolatedAgent$${NETWORK}::alice-network`;
  const state = { [urn]: { type: NETWORK, outputs: { id: "n1", name: "fleet.test.alice" } } };
  const daemons: FakeDaemon[] = [];
  afterEach(async () => {
    for (const daemon of daemons.splice(0)) await daemon.close();
  });

  /** A daemon that has none of the fleet's containers and networks, but bob's data and a foreign network. */
  async function hostWith(subnet: string, info: object = {}) {
    const answers: Readonly<Record<string, unknown>> = {
      "/_ping": {},
      "/info": { NCPU: 8, ID: "D1", ...info },
      "/containers/json": [],
      "/networks": [{ Id: "n9", Name: "foreign", Labels: {}, IPAM: { Config: [{ Subnet: subnet }] } }],
      "/volumes": { Volumes: [{ Name: "fleet.test.bob", Labels: { "agent-fleet.stack": "test" } }] },
    };
    const daemon = await startDaemon(({ path }) => {
      const body = answers[path];
      return body === undefined ? undefined : { body };
    });
    daemons.push(daemon);
    const hosts = { one: { kind: "docker", address: daemon.address } };
    // A fleet that runs on this machine has the default ones.
    const ports = { ingress: { port: 47_443 }, egressProxy: { port: 47_128 } };
    return { daemon, fleet: { ...FLEET, ...ports, hosts, agents: { alice: {}, bob: {} } } };
  }
  const options = { slots: { alice: 0 }, state };

  it("observes the hosts: what is missing gets another label, and is named", async () => {
    const { fleet } = await hostWith("172.30.0.0/16");
    const { goals, messages } = await record(fleet, { ...options, observesHosts: true });
    expect(messages).toContain("alice's network is gone: it will be created again.");
    expect(messages.join()).toContain("bob begins with the data of an earlier bob: volume fleet.test.bob");
    const repaired = goals.filter(({ inputs }) => JSON.stringify(inputs).includes("agent-fleet.repairs"));
    expect(repaired.map(({ name }) => name)).toEqual(["alice-network"]);
  });

  it("warns of a conflict in a preview, and registers nothing for it in an update", async () => {
    const { fleet } = await hostWith("10.96.0.0/16");
    const conflict = "this subnet of bob overlaps the Docker network foreign (10.96.0.0/16)";
    const preview = await record(fleet, { ...options, observesHosts: true });
    expect(preview.messages.join()).toContain(`An update would be refused:\n  hosts.one.subnets`);
    expect(preview.messages.join()).toContain(conflict);
    expect(preview.goals.length).toBeGreaterThan(10);
    const update = await record(fleet, { ...options, dryRun: false });
    expect(update.messages.join()).toContain(conflict);
    expect(update.goals.map(({ type }) => type)).toEqual(["pulumi:pulumi:Stack"]);
  });

  const LIMITLESS = { MemoryLimit: false, PidsLimit: false, CpuCfsQuota: true };

  it("refuses a daemon that does not enforce limits, and a preview says so", async () => {
    const { fleet } = await hostWith("172.30.0.0/16", LIMITLESS);
    const refused =
      "the Docker daemon of one accepts limits on processes, memory limits and does not enforce them";
    const preview = await record(fleet, { ...options, observesHosts: true });
    expect(preview.messages.join()).toContain(refused);
    const update = await record(fleet, { ...options, dryRun: false });
    expect(update.messages.join()).toContain(refused);
    expect(update.goals.map(({ type }) => type)).toEqual(["pulumi:pulumi:Stack"]);
  });

  it("accepts it where the operator does, says so, and asks it for no limit on processes", async () => {
    const { fleet, daemon } = await hostWith("172.30.0.0/16", LIMITLESS);
    const one = { kind: "docker", address: daemon.address, unenforced: ["memory", "processes", "cpus"] };
    const { messages, goals } = await record(
      { ...fleet, hosts: { one } },
      { ...options, observesHosts: true },
    );
    expect(messages.join()).not.toContain("An update would be refused");
    expect(messages).toContain(
      "one runs agents without CPU limits, limits on processes, memory limits, as hosts.one.unenforced says: one of them can take what others were promised.",
    );
    expect(messages).toContain(
      "The Docker daemon of hosts.one enforces CPU limits: take cpus out of hosts.one.unenforced.",
    );
    expect(goals.find(({ name }) => name === "alice-gateway")?.hooks).toMatchObject({ afterCreate: [] });
  });

  it("says nothing of limits that a daemon enforces, or does not mention", async () => {
    const { fleet } = await hostWith("172.30.0.0/16", { MemoryLimit: true });
    const { messages } = await record(fleet, { ...options, observesHosts: true });
    expect(messages.join()).not.toContain("does not enforce");
  });

  it("lists all conflicts under one heading", async () => {
    const { fleet } = await hostWith("10.96.0.0/16");
    const { messages } = await record(
      { ...fleet, agents: { ...fleet.agents, carol: {} } },
      { ...options, observesHosts: true },
    );
    const [conflicts, ...others] = messages.filter((message) =>
      message.includes("An update would be refused"),
    );
    expect(others).toEqual([]);
    expect(conflicts).toContain("subnet of bob");
    expect(conflicts).toContain("subnet of carol");
  });

  it("names a host that does not answer, and changes nothing there", async () => {
    const { daemon, fleet } = await hostWith("172.30.0.0/16");
    await daemon.close();
    const { goals, messages } = await record(fleet, { ...options, observesHosts: true });
    expect(messages.join()).toMatch(
      /Host one does not answer \(.*ENOENT.*\): its containers were not checked\./,
    );
    expect(JSON.stringify(goals)).not.toContain("agent-fleet.repairs");
  });

  it("connects to no host in a preview with AGENT_FLEET_OFFLINE=1", async () => {
    const { daemon, fleet } = await hostWith("172.30.0.0/16");
    const { messages } = await record(fleet, options);
    expect(daemon.requests).toEqual([]);
    expect(messages.join()).not.toContain("alice's network");
  });
});

describe("an invalid configuration", () => {
  it("registers only the stack, and reports every problem without a stack trace", async () => {
    const { goals, messages } = await record({
      ...FLEET,
      agents: { alice: { class: "none", egress: ["?"] } },
    });
    expect(goals.map(({ type }) => type)).toEqual(["pulumi:pulumi:Stack"]);
    expect(messages).toHaveLength(1);
    expect(messages[0]).toMatch(
      /^agent-fleet:fleet has 2 problems; nothing was changed\.\n {2}agents\.alice\.egress\.0 = "\?"\n/,
    );
    expect(messages[0]).toContain('agents.alice.class = "none"\n    there is no such class');
    expect(messages[0]).not.toContain("at main");
  });

  it("is refused for its secrets, of which no value is printed", async () => {
    const { goals, messages } = await record(
      { ...FLEET, agents: { carol: { channels: { discord: {} } } } },
      { secrets: { zoe: { A: "hidden" } } },
    );
    expect(goals).toHaveLength(1);
    expect(messages[0]).toContain("agent-fleet:secrets.zoe\n    there is no agent of this name");
    expect(messages[0]).toContain(
      "agent-fleet:secrets.carol.DISCORD_BOT_TOKEN\n    a channel of this agent needs it",
    );
    expect(messages[0]).not.toContain("hidden");
  });
});

describe("a configuration under a key that does not exist", () => {
  it("is refused by that key alone", async () => {
    const { messages } = await record(FLEET, {
      secrets: SECRETS,
      credentials: { "agent-fleet:tailscaleAuthkey": "hidden" },
    });
    expect(messages.join()).toMatch(
      /has 1 problem; nothing was changed\.\n {2}agent-fleet:tailscaleAuthkey\n {4}there is no such key\n {4}-> did you mean tailscaleAuthKey\?/,
    );
    expect(messages.join()).not.toContain("hidden");
  });
});

describe("an update without a credential that it needs", () => {
  const withTailnet = { ...FLEET, tailscale: { tailnet: "tail1234.ts.net" } };

  it("is refused before anything is registered", async () => {
    const { goals, messages } = await record(withTailnet, { secrets: SECRETS, dryRun: false });
    expect(goals).toHaveLength(1);
    expect(messages.join("\n")).toContain(
      "agent-fleet:tailscaleAuthKey\n    it is needed to join the tailnet",
    );
  });

  it("can still be previewed", async () => {
    const { goals } = await record(withTailnet, { secrets: SECRETS });
    expect(goals.map(({ name }) => name)).toContain("one-tailnet");
  });
});
