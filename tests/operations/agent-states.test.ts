import { describe, expect, it } from "vitest";
import { allStarted, askAgents, ingressAddress, notStarted } from "../../operations/agent-states.ts";
import { UNATTRIBUTED } from "../../operations/ask-agent.ts";
import { readFleet } from "../../operations/fleet-config.ts";
import { startDaemon } from "../support/docker-daemon.ts";
import { agentOutput, hostOutput, outputsOf, stackWith } from "../support/outputs.ts";

describe("allStarted", () => {
  it.each([
    ["all", { a: "started", b: "started" }, true],
    ["all that are switched on", { a: "started", b: "switched off" }, true],
    ["only one of two", { a: "started", b: "starting" }, false],
    ["one that is down", { a: "down (502)" }, false],
    ["one that cannot be asked", { a: "started", b: "unknown: its host is not in the configuration" }, false],
    ["none, because there are none", {}, true],
  ])("%s: %s", (_, states, expected) => {
    expect(allStarted(states)).toBe(expected);
  });
});

describe("notStarted", () => {
  it("names agents that should have started, and have not", () => {
    expect(notStarted({ a: "started", b: "down (502)", c: "switched off", d: "starting" })).toEqual([
      "b",
      "d",
    ]);
  });
});

describe("askAgents", () => {
  it.each(["healthy", "starting"])(
    "asks the health check of an agent that does not answer its own host: %s",
    async (health) => {
      const daemon = await startDaemon(({ path }) =>
        path === "/containers/fleet.test.alice/json"
          ? { body: { State: { Status: "running", Health: { Status: health } } } }
          : undefined,
      );
      const hosts = { local: { kind: "docker", address: daemon.address } };
      const fleet = readFleet(stackWith({ domain: "agents.localhost", hosts, agents: { alice: {} } }));
      const outputs = outputsOf({ alice: agentOutput() }, { local: hostOutput({ address: daemon.address }) });
      const states = await askAgents("test", fleet, outputs, 60_000, () => Promise.resolve(UNATTRIBUTED));
      await daemon.close();
      expect(states).toEqual({ alice: health === "healthy" ? "started" : health });
    },
  );
});

describe("ingressAddress", () => {
  const fleet = (listen: string[]) =>
    readFleet(
      stackWith({
        domain: "a.example.com",
        hosts: { one: { kind: "docker" } },
        agents: {},
        ingress: { listen },
      }),
    );

  it.each([
    ["unix:///var/run/docker.sock", ["0.0.0.0"], "127.0.0.1"],
    ["unix:///var/run/docker.sock", ["0.0.0.0", "192.0.2.1"], "192.0.2.1"],
    ["ssh://root@203.0.113.9:2222", ["127.0.0.1"], "203.0.113.9"],
    ["tcp://10.0.0.5:2375", ["127.0.0.1"], "10.0.0.5"],
  ])("of a host at %s that listens on %j is %s", (address, listen, expected) => {
    expect(ingressAddress(fleet(listen).settings, address)).toBe(expected);
  });
});
