import { describe, expect, it } from "vitest";
import { resolveFleet, resolveHosts } from "../../../fleet/config/fleet.ts";
import { footprintOf } from "../../../openclaw/footprint.ts";
import { fleet, hetznerGroup, settingsOf } from "../../support/fleets.ts";

const agent = (entry: object, changes: object = {}) =>
  fleet({ agents: { alice: entry }, ...changes }).agents[0];

describe("resolveFleet", () => {
  it("gives agents and hosts by name, in whichever order they were written", () => {
    const { agents, hosts } = fleet({
      agents: { zoe: {}, alice: {}, bob: {} },
      hosts: { two: { kind: "docker", address: "tcp://two:1" }, eu: hetznerGroup(), one: { kind: "docker" } },
    });
    expect(agents.map(({ name }) => name)).toEqual(["alice", "bob", "zoe"]);
    expect([...hosts.keys()]).toEqual(["eu", "one", "two"]);
  });

  it("gives an agent its own class and model, and the fleet's where it names none", () => {
    expect(agent({})).toMatchObject({ class: { name: "standard" }, model: "anthropic/claude-sonnet-4-6" });
    expect(agent({ class: "heavy", model: "openai/gpt-5" })).toMatchObject({
      class: { name: "heavy", memoryMb: 4096, cpus: 4, pids: 1024, diskGb: 5 },
      model: "openai/gpt-5",
    });
    const defaults = { class: "light", model: "xai/grok" };
    expect(agent({}, { defaults })).toMatchObject({ class: { name: "light" }, model: "xai/grok" });
  });

  it("reserves what an idle gateway of the image holds and its share of a turn, unless the class says otherwise", () => {
    const { idleMb, turnMb } = footprintOf("openclaw/openclaw:2026.9.6");
    const reservation = (changes: object): number | undefined => agent({}, changes)?.class.reservationMb;
    expect(reservation({})).toBe(Math.ceil(idleMb + 0.25 * (turnMb - idleMb)));
    expect(reservation({ sizing: { busyShare: 0 } })).toBe(idleMb);
    expect(reservation({ sizing: { busyShare: 1 } })).toBe(turnMb);
    const footprint = { minimumMb: 1200, idleMb: 400, turnMb: 1001 };
    expect(reservation({ footprint })).toBe(551);
    const classes = { standard: { memoryMb: 2048, cpus: 1, reservationMb: 999 } };
    expect(reservation({ classes })).toBe(999);
  });

  it("takes the smallest limit for what a turn holds where that was not measured", () => {
    const footprint = { minimumMb: 1200, idleMb: 400 };
    expect(agent({}, { footprint })?.class.reservationMb).toBe(600);
  });

  it("resolves egress to every name that the agent may reach, and is open only where the entry says so", () => {
    expect(agent({})?.egress).toEqual(["api.anthropic.com"]);
    expect(agent({ egress: ["example.com"] })?.egress).toEqual(["api.anthropic.com", "example.com"]);
    expect(agent({ egress: "open" })?.egress).toBe("open");
  });

  it("does not go on with a class that does not exist", () => {
    const settings = settingsOf({ agents: { alice: { class: "none" } } });
    expect(() => resolveFleet(settings, resolveHosts(settings))).toThrow(
      new TypeError("agent alice has a class that does not exist"),
    );
  });
});
