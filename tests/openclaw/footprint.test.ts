import { describe, expect, it } from "vitest";
import { footprintOf, isMeasured } from "../../openclaw/footprint.ts";
import { heapMb } from "../../fleet/plan/plan.ts";
import { config, fleet, problemsOf } from "../support/fleets.ts";

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

  const { minimumMb } = footprintOf(IMAGE);

  it.each([
    { name: "the seeds' light class", memoryMb: 384 },
    { name: "the seeds' standard class", memoryMb: 512 },
    { name: "the largest that is too small", memoryMb: minimumMb - 1 },
  ])("refuses $name, with both numbers and the nearest class that works", ({ memoryMb }) => {
    const classes = {
      tiny: { memoryMb, reservationMb: 256, cpus: 1 },
      standard: { memoryMb: 1536, cpus: 1 },
      heavy: { memoryMb: 4096, cpus: 2 },
    };
    expect(problemsOf(config({ classes }))).toEqual([
      `classes.tiny.memoryMb = ${memoryMb} | ${IMAGE} needs ${minimumMb} MiB: with ${memoryMb} MiB it is killed while it starts or soon after | set it to ${minimumMb} or more, or use class standard (1536 MiB)`,
    ]);
  });

  it("accepts a class of exactly the floor, and every default class", () => {
    expect(
      problemsOf(config({ classes: { standard: { memoryMb: minimumMb, reservationMb: 500, cpus: 1 } } })),
    ).toEqual([]);
    for (const [name, { memoryMb }] of Object.entries(fleet().classes)) {
      expect({ name, works: memoryMb >= minimumMb }).toEqual({ name, works: true });
    }
  });

  it("is the operator's own where the configuration gives one", () => {
    const footprint = { minimumMb: 256, idleMb: 100 };
    const classes = { standard: { memoryMb: 384, cpus: 1 } };
    expect(problemsOf(config({ footprint, classes }))).toEqual([]);
  });

  it.each([
    [704, 528],
    [1024, 768],
    [2048, 1536],
    [4096, 3072],
  ])("leaves of a limit of %i MiB a heap of %i MiB", (limit, heap) => {
    expect(heapMb(limit)).toBe(heap);
  });
});
