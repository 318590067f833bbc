/** The whole program: everything that it registers for a small fleet. The golden file shows a change's effect as a diff. */
import { isSecret, type Properties } from "pulumi-embedded-engine/values";
import type { Goal } from "pulumi-embedded-engine/wire";
import { beforeAll, describe, expect, it } from "vitest";
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
