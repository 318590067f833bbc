import { describe, expect, it } from "vitest";
import { ago, counted, inUnits } from "../../../report/status/words.ts";

const MIB = 1024 ** 2;

describe("a size", () => {
  it.each([
    [0, "0 KiB"],
    [1129, "1 KiB"],
    [MIB, "1.0 MiB"],
    [9.96 * MIB, "10.0 MiB"],
    [800 * MIB, "800 MiB"],
    [9 * 1024 * MIB, "9216 MiB"],
    [74.6 * 1024 * MIB, "75 GiB"],
  ])("of %d bytes is %s", (bytes, words) => {
    expect(inUnits(bytes)).toBe(words);
  });
});

describe("a time", () => {
  it.each([
    ["2026-11-30T12:00:00Z", "0 s ago"],
    ["2026-11-30T12:00:09Z", "0 s ago"],
    ["2026-11-30T11:59:01Z", "59 s ago"],
    ["2026-11-30T11:59:00Z", "1 min ago"],
    ["2026-11-30T10:01:00Z", "1 h ago"],
    ["2026-11-28T11:00:00Z", "2 d ago"],
  ])("%s is %s", (time, words) => {
    expect(ago(time, "2026-11-30T12:00:00Z")).toBe(words);
  });
});

it("a noun is counted", () => {
  expect([0, 1, 2].map((count) => counted(count, "agent"))).toEqual(["0 agents", "1 agent", "2 agents"]);
});
