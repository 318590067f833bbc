import { describe, expect, it } from "vitest";
import { versionOf } from "../../images/recipe.ts";

describe("versionOf", () => {
  it.each([
    ["openclaw/openclaw:2026.9.6", "2026.9.6"],
    ["openclaw/openclaw:2026.9.6-slim", "2026.9.6"],
    ["registry.example:5000/openclaw:2026.9.6-r20260920", "2026.9.6"],
    ["caddy:v2.11.4", "2.11.4"],
    ["ubuntu/squid:6.6-24.04_beta", "6.6"],
  ])("of %s is %s", (image, version) => {
    expect(versionOf(image)).toBe(version);
  });

  it.each([
    ["a tag that is not a version", "openclaw/openclaw:latest"],
    ["no tag", "caddy"],
    ["a digest", `caddy:2.11.4@sha256:${"0".repeat(64)}`],
    ["a port", "registry.example:5000/caddy"],
  ])("refuses %s", (_, image) => {
    expect(() => versionOf(image)).toThrow(`${image} cannot be built from packages: use a version tag`);
  });
});
