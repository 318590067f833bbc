import { expect, it } from "vitest";
import { renderProbe } from "../../../cli/commands/probe.ts";

const service = { host: "one", service: "ingress", reason: "" } as const;

it("a probe shows each host's Docker daemon, and each of its services", () => {
  const text = renderProbe([
    { name: "one", address: "unix:///a", problem: undefined, services: [{ ...service, state: "works" }] },
    {
      name: "two",
      address: "ssh://b",
      problem: undefined,
      services: [
        { ...service, host: "two", state: "missing" },
        { host: "two", service: "egress proxy", state: "fails", reason: "it exited" },
      ],
    },
    { name: "three", address: "tcp://c", problem: "ECONNREFUSED", services: [] },
  ]);
  expect(text.split("\n").map((line) => line.trim().split(/ {2,}/))).toEqual([
    ["HOST", "WHAT", "STATE"],
    ["one", "Docker at unix:///a", "responds"],
    ["one", "ingress", "works"],
    ["two", "Docker at ssh://b", "responds"],
    ["two", "ingress", "is not deployed"],
    ["two", "egress proxy", "fails: it exited"],
    ["three", "Docker at tcp://c", "does not respond: ECONNREFUSED"],
  ]);
});
