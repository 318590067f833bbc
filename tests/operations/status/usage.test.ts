import { describe, expect, it } from "vitest";
import { usageOf } from "../../../operations/status/usage.ts";

describe("a container's memory", () => {
  it.each([
    ["by version 1", { usage: 100, max_usage: 120, stats: { total_inactive_file: 30 } }, 70, 120],
    ["by version 2", { usage: 100, stats: { inactive_file: 30 } }, 70, null],
    ["with less use than its cache", { usage: 20, stats: { inactive_file: 30 } }, 20, null],
    ["that has ended", {}, null, null],
  ])("%s of control groups", (_, memory, now, peak) => {
    expect(usageOf({ memory_stats: memory })).toEqual({ memory: now, peakMemory: peak });
  });
});
