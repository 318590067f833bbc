/** The whole program: everything that it registers for a small fleet. The golden file shows a change's effect as a diff. */

import { isSecret, type Properties } from "pulumi-embedded-engine/values";
import type { Goal } from "pulumi-embedded-engine/wire";
import { beforeAll, describe, expect, it } from "vitest";
import { type Recorded, record, summary } from "../support/registrations.ts";

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

  it("makes of an agent its slot, token, network, data and gateway, all below itself, and of a disabled one no gateway", () => {
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

  it("keeps the registry's slots and gives none away that a leaving agent still holds", () => {
    const slots = ["alice", "bob", "carol"].map(
      (name) => (goal(`${name}-slot`, "Stash").inputs["input"] as Properties)["slot"],
    );
    expect(slots).toEqual([2, 3, 0]);
  });

  it("hands secrets over as secrets and nowhere else", () => {
    expect(isSecret(goal("alice-gateway", "Container").inputs["envs"])).toBe(true);
    const shown = JSON.stringify(recorded.goals.map(summary)) + JSON.stringify(recorded.outputs["fleet"]);
    expect(shown).not.toContain("hidden");
    expect(isSecret(recorded.outputs["tokens"])).toBe(true);
  });

  it("says what the operator must know", () => {
    expect(recorded.messages).toEqual([
      "carol has open egress: it reaches the whole internet, past the egress proxy.",
      "zoe leaves the fleet; its data stays in volume fleet.test.zoe. To delete it for good: npm run purge -- zoe",
    ]);
  });

  it("needs no default provider, and refers to a replaced network by what changes with it", () => {
    const custom = recorded.goals.filter(
      ({ custom: isCustom, type }) => isCustom && !type.startsWith("pulumi:"),
    );
    expect(custom.filter(({ provider }) => provider === undefined)).toEqual([]);
    expect(goal("carol-gateway", "Container").propertyDependencies["networksAdvanced"]).toEqual([
      goal("carol-network", "Network").urn,
    ]);
  });
});

describe("a configuration that is wrong", () => {
  it("registers nothing but the stack, and says all that is wrong without a stack trace", async () => {
    const { goals, messages } = await record({
      ...FLEET,
      agents: { alice: { class: "none", egress: ["?"] } },
    });
    expect(goals.map(({ type }) => type)).toEqual(["pulumi:pulumi:Stack"]);
    expect(messages).toHaveLength(1);
    expect(messages[0]).toMatch(
      /^agent-fleet:fleet has 1 problem; nothing was changed\.\n {2}agents\.alice\.egress\.0 = "\?"\n/,
    );
    expect(messages[0]).not.toContain("at main");
  });

  it("includes its secrets: a missing one, one of nobody, and a bot that two agents share", async () => {
    const agents = {
      alice: { channels: { telegram: {} } },
      bob: { channels: { telegram: {} } },
      carol: { channels: { discord: {} } },
    };
    const token = { TELEGRAM_BOT_TOKEN: "1:shared" };
    const { goals, messages } = await record(
      { ...FLEET, agents },
      { secrets: { alice: token, bob: token, nobody: { A: "1" } } },
    );
    expect(goals).toHaveLength(1);
    expect(messages[0]).toContain("agent-fleet:secrets.nobody\n    no agent has this name");
    expect(messages[0]).toContain(
      "agent-fleet:secrets.bob.TELEGRAM_BOT_TOKEN\n    agent alice has the same credential",
    );
    expect(messages[0]).toContain(
      "agent-fleet:secrets.carol.DISCORD_BOT_TOKEN\n    a channel of this agent needs it",
    );
    expect(messages[0]).not.toContain("shared");
  });
});
