import { expect, it } from "vitest";
import { hasConverged } from "../../operations/up.ts";

const BROKEN = { host: "one", service: "ingress", state: "fails", reason: "it exited" } as const;

it.each([
  ["updated, and every agent has started", true, { a: "started", b: "switched off" }, [], true],
  ["updated, but only one agent has started", true, { a: "started", b: "starting" }, [], false],
  ["not updated, although the agents run", false, { a: "started" }, [], false],
  ["updated, but a service fails", true, { a: "started" }, [BROKEN], false],
])("%s: %s", (_, isUpdated, states, brokenServices, expected) => {
  expect(hasConverged({ isUpdated, states, brokenServices })).toBe(expected);
});
