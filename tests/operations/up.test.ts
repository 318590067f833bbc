import { expect, it } from "vitest";
import { hasConverged } from "../../operations/up.ts";

it.each([
  ["updated, and every agent has started", true, { a: "started", b: "switched off" }, true],
  ["updated, but only one agent has started", true, { a: "started", b: "starting" }, false],
  ["not updated, although the agents run", false, { a: "started" }, false],
])("%s: %s", (_, isUpdated, states, expected) => {
  expect(hasConverged(isUpdated, states)).toBe(expected);
});
