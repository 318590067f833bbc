import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { footprintOf, isMeasured, MEASURED } from "../../openclaw/footprint.ts";
import { settingsOf } from "../support/fleets.ts";

const IMAGE = "openclaw/openclaw:2026.9.6";

describe("an image's footprint", () => {
  it.each([
    [IMAGE, true],
    [`${IMAGE}@sha256:${"0".repeat(64)}`, true],
    [`ghcr.io/${IMAGE}`, true],
    [`${IMAGE}-r20260901`, true],
    ["openclaw/openclaw:2026.10.1", false],
    ["example.com/own/gateway:1", false],
  ])("of %s is known: %s", (image, isKnown) => {
    expect(isMeasured(image)).toBe(isKnown);
    expect(footprintOf(image).minimumMb).toBeGreaterThan(0);
  });

  it("is the newest measured one's where the image was not measured", () => {
    expect(footprintOf("example.com/own/gateway:1")).toEqual(footprintOf(IMAGE));
  });

  it("is what the guide to sizing says", () => {
    const guide = readFileSync(join(import.meta.dirname, "../../docs/sizing.md"), "utf8");
    const [{ image, idleCpuMs, ...amounts }] = MEASURED;
    expect(guide).toContain(`(${image})`);
    expect(guide).toContain(`| CPU time a second when idle | ${idleCpuMs} ms |`);
    for (const mb of Object.values(amounts)) expect(guide).toMatch(new RegExp(`\\| ${mb} MiB \\|`));
  });

  it("fits into every default class", () => {
    const { minimumMb } = footprintOf(IMAGE);
    for (const [name, { memoryMb }] of Object.entries(settingsOf().classes)) {
      expect({ name, works: memoryMb >= minimumMb }).toEqual({ name, works: true });
    }
  });
});
