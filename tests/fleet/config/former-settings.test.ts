import { describe, expect, it } from "vitest";
import { presentName } from "../../../fleet/config/former-settings.ts";
import { config, problemsOf } from "../../support/fleets.ts";

describe("settings that had another name", () => {
  it.each([
    ["frontDoor", "ingress", { frontDoor: { port: 8443 } }],
    ["backDoor", "egressProxy", { backDoor: { port: 3129 } }],
    ["hosts.one.rooms", "subnets", { hosts: { one: { kind: "docker", rooms: "10.0.0.0/16" } } }],
    ["agents.alice.spread", "antiAffinity", { agents: { alice: { spread: "x" } } }],
  ])("are refused with the new one as the remedy: %s is %s", (path, name, changes) => {
    expect(problemsOf(config(changes))).toEqual([
      `${path} | this setting is now called ${name} | rename it to ${name}; what is in it stays the same`,
    ]);
  });

  it("are meant only where they were", () => {
    expect(presentName("agents.alice.rooms")).toBeUndefined();
    expect(presentName("agents.spread")).toBeUndefined();
    expect(presentName("ingress.frontDoor")).toBeUndefined();
  });
});
