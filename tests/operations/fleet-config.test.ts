import { describe, expect, it } from "vitest";
import { readFleet, requireProviders } from "../../operations/fleet-config.ts";
import { LOGIN } from "../support/fleets.ts";
import { stackWith } from "../support/outputs.ts";

const fleet = (host: object) =>
  readFleet(stackWith({ domain: "agents.example.com", hosts: { eu: host }, agents: {} }));

describe("requireProviders", () => {
  const cloud = fleet({ kind: "hetzner", ...LOGIN, families: ["cx"], locations: ["fsn1"] });

  it("refuses to let the embedded engine deploy cloud servers", () => {
    expect(() => requireProviders(cloud, "embedded")).toThrow(
      "This fleet needs the Pulumi CLI, because hosts.eu creates servers at Hetzner.",
    );
  });

  it("lets the Pulumi CLI deploy them, and either engine deploy to own hosts", () => {
    expect(() => requireProviders(cloud, "pulumi")).not.toThrow();
    expect(() => requireProviders(fleet({ kind: "docker" }), "embedded")).not.toThrow();
  });
});
