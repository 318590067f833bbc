import { describe, expect, it } from "vitest";
import { allowlistOf } from "../../fleet/egress.ts";
import { settingsOf } from "../support/fleets.ts";

function allowlist(entry: object, model = "anthropic/claude-sonnet-4-6", defaults: string[] = []): string[] {
  const { alice } = settingsOf({ agents: { alice: entry } }).agents;
  if (alice === undefined) throw new Error("there is no alice");
  return allowlistOf(alice, model, defaults);
}

describe("allowlistOf", () => {
  it("is the model provider alone by default", () => {
    expect(allowlist({})).toEqual(["api.anthropic.com"]);
    expect(allowlist({}, "openai/gpt-5")).toEqual(["api.openai.com"]);
  });

  it("adds the channels, the fleet's own names and the agent's", () => {
    expect(
      allowlist({ channels: { telegram: {} }, egress: ["a.example.com"] }, undefined, ["b.example.com"]),
    ).toEqual(["a.example.com", "api.anthropic.com", "api.telegram.org", "b.example.com"]);
  });

  it("leaves out what a wider name covers, because Squid refuses such a pair", () => {
    expect(
      allowlist({ egress: [".example.com", "api.example.com", "example.com", "notexample.com"] }),
    ).toEqual([".example.com", "api.anthropic.com", "notexample.com"]);
    expect(allowlist({ egress: [".example.com", ".a.example.com", ".example.com"] })).toEqual([
      ".example.com",
      "api.anthropic.com",
    ]);
  });

  it("lists nothing for a provider that is not known", () => {
    expect(allowlist({}, "local/llama")).toEqual([]);
  });
});
