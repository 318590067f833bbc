import { describe, expect, it } from "vitest";
import { type GatewayIntent, renderGatewayConfig } from "../../openclaw/gateway-config.ts";

const NONE = { allow: [], deny: [] };
const INTENT: GatewayIntent = {
  name: "alice",
  model: "anthropic/claude-sonnet-4-6",
  tools: NONE,
  sharedTools: { allow: [], deny: ["gateway", "cron"] },
  channels: [],
};
const PLACE = { origin: "https://alice.agents.example.com", trustedProxies: ["10.96.0.1"] };

const config = (changes: Partial<GatewayIntent> = {}) =>
  JSON.parse(renderGatewayConfig({ ...INTENT, ...changes }, PLACE));

describe("openclaw.json", () => {
  it("is exactly this for an agent that asks for nothing", () => {
    // The gateway refuses to boot on any unknown key.
    expect(config()).toEqual({
      gateway: {
        mode: "local",
        bind: "lan",
        port: 18_789,
        publicOrigin: "https://alice.agents.example.com",
        auth: { mode: "token", rateLimit: { maxAttempts: 10, windowMs: 60_000, lockoutMs: 300_000 } },
        trustedProxies: ["10.96.0.1"],
        controlUi: { enabled: true, allowedOrigins: ["https://alice.agents.example.com"] },
        terminal: { enabled: false },
      },
      agents: {
        defaults: {
          workspace: "/home/node/.openclaw/workspace",
          model: { primary: "anthropic/claude-sonnet-4-6" },
          sandbox: { mode: "off" },
        },
        entries: { main: { name: "alice" } },
      },
      tools: { profile: "coding", deny: ["gateway", "cron"], elevated: { enabled: false } },
    });
  });

  it("widens the tool profile, and never replaces it", () => {
    const { agents, tools } = config({
      tools: { allow: ["browser"], deny: ["exec"] },
      sharedTools: { allow: ["canvas"], deny: [] },
    });
    expect(agents.entries.main.tools).toEqual({ alsoAllow: ["browser"], deny: ["exec"] });
    expect(tools).toEqual({ profile: "coding", alsoAllow: ["canvas"], elevated: { enabled: false } });
  });

  it("reads a channel's credentials from the environment, so that it contains no secret", () => {
    const { channels } = config({
      channels: [
        ["slack", { dmPolicy: "disabled" }],
        ["telegram", { dmPolicy: "allowlist", allowFrom: ["12345"] }],
      ],
    });
    const from = (id: string) => ({ source: "env", provider: "default", id });
    expect(channels).toEqual({
      slack: {
        enabled: true,
        dmPolicy: "disabled",
        botToken: from("SLACK_BOT_TOKEN"),
        appToken: from("SLACK_APP_TOKEN"),
      },
      telegram: {
        enabled: true,
        dmPolicy: "allowlist",
        allowFrom: ["12345"],
        botToken: from("TELEGRAM_BOT_TOKEN"),
      },
    });
  });
});
