import { describe, expect, it } from "vitest";
import { reachOf } from "../../fleet/egress.ts";
import type { AgentEntry, Fleet } from "../../fleet/config/schema.ts";
import { fleet } from "../support/fleets.ts";

const reach = (agent: object, defaults: object = {}): unknown => {
  const parsed: Fleet = fleet({ agents: { alice: agent }, defaults });
  return reachOf(parsed.agents["alice"] as AgentEntry, parsed);
};

describe("reachOf", () => {
  it("is the model provider alone by default", () => {
    expect(reach({})).toEqual(["api.anthropic.com"]);
    expect(reach({ model: "openai/gpt-5" })).toEqual(["api.openai.com"]);
  });

  it("adds the channels, the fleet's own names and the agent's", () => {
    expect(
      reach({ channels: { telegram: {} }, egress: ["a.example.com"] }, { egress: ["b.example.com"] }),
    ).toEqual(["a.example.com", "api.anthropic.com", "api.telegram.org", "b.example.com"]);
  });

  it("leaves out what a wider name covers, because Squid refuses such a pair", () => {
    expect(reach({ egress: [".example.com", "api.example.com", "example.com", "notexample.com"] })).toEqual([
      ".example.com",
      "api.anthropic.com",
      "notexample.com",
    ]);
  });

  it("is open only where the entry says so", () => {
    expect(reach({ egress: "open" })).toBe("open");
  });
});
