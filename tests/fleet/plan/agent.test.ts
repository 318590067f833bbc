import { describe, expect, it } from "vitest";
import { planAgent } from "../../../fleet/plan/agent.ts";
import type { AgentPlan } from "../../../fleet/plan/types.ts";
import { fleet } from "../../support/fleets.ts";

function plan(entry: object, hostCpus: number | null = null, changes: object = {}): AgentPlan {
  const { agents, settings } = fleet({ agents: { alice: entry }, ...changes });
  const [alice] = agents;
  if (alice === undefined) throw new Error("there is no alice");
  return planAgent(alice, { name: "one", cpus: hostCpus }, settings);
}

describe("planAgent", () => {
  it("copies what the entry, its class and the defaults say", () => {
    const entry = {
      enabled: false,
      access: "loopback",
      class: "light",
      env: { TZ: "UTC" },
      labels: { team: "red" },
      egress: ["a.example.com"],
    };
    expect(plan(entry, null, { defaults: { startSeconds: 60, stopSeconds: 5 } })).toMatchObject({
      name: "alice",
      host: "one",
      enabled: false,
      class: "light",
      access: "loopback",
      limits: { memoryMb: 1792, cpus: 1, pids: 512 },
      image: "openclaw/openclaw:2026.9.6",
      hostname: "alice.agents.example.com",
      egress: ["a.example.com", "api.anthropic.com"],
      env: { TZ: "UTC" },
      ownLabels: { team: "red" },
      startSeconds: 60,
      stopSeconds: 5,
    });
  });

  it("gives no agent more CPUs than its host has, and always in quarters", () => {
    const cpus = (hostCpus: number | null) => plan({ class: "heavy" }, hostCpus).limits.cpus;
    // Any other number would replace the container at every run.
    expect([null, 8, 2, 1.3, 0.1].map(cpus)).toEqual([4, 4, 2, 1.25, 0.25]);
  });

  it("gives the gateway the agent's model, tools and channels, and the fleet's own tools", () => {
    const entry = {
      model: "openai/gpt-5",
      tools: { allow: ["browser"] },
      channels: { telegram: { dmPolicy: "allowlist", allowFrom: ["1"] }, discord: {} },
    };
    expect(plan(entry).gateway).toEqual({
      name: "alice",
      model: "openai/gpt-5",
      tools: { allow: ["browser"], deny: [] },
      sharedTools: { allow: [], deny: ["gateway", "cron"] },
      channels: [
        ["discord", { dmPolicy: "pairing" }],
        ["telegram", { dmPolicy: "allowlist", allowFrom: ["1"] }],
      ],
    });
  });
});
