import { writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { readCheckedFleet, readFleet, requireProviders } from "../../operations/fleet-config.ts";
import { LOGIN, refusals } from "../support/fleets.ts";
import { stackWith } from "../support/outputs.ts";

const fleet = (host: object) =>
  readFleet(stackWith({ domain: "agents.example.com", hosts: { eu: host }, agents: {} }));

describe("a fleet that is checked before an update", () => {
  const fleetOf = (agents: object) => ({
    domain: "a.example.com",
    hosts: { one: { kind: "docker" } },
    agents,
  });
  const stack = (config: object) => {
    const project = stackWith({});
    writeFileSync(project.stackFile, stringify({ config }));
    return project;
  };
  const paths = (config: object, read = readCheckedFleet) =>
    refusals(() => read(stack(config))).map((text) => text.split(" | ")[0]);

  it("is refused for what the program would refuse, and for secrets in plain text", () => {
    const telegram = { channels: { telegram: {} } };
    const config = {
      "agent-fleet:fleet": fleetOf({ alice: telegram, bob: telegram, carol: {} }),
      "agent-fleet:secrets": {
        alice: { TELEGRAM_BOT_TOKEN: { secure: "v1:a" } },
        carol: { KEY: "hunter2" },
        zoe: { KEY: { secure: "v1:z" } },
      },
    };
    expect(paths(config)).toEqual([
      "agent-fleet:secrets.carol.KEY",
      "agent-fleet:secrets.zoe",
      "agent-fleet:secrets.bob.TELEGRAM_BOT_TOKEN",
    ]);
    // A command that neither needs nor changes them works all the same.
    expect(paths(config, readFleet)).toEqual([]);
  });

  it.each([readCheckedFleet, readFleet])(
    "is refused for a key that does not exist, and for nothing else",
    (read) => {
      expect(paths({ "agent-fleet:flet": fleetOf({}), "hcloud:token": "x" }, read)).toEqual([
        "agent-fleet:flet",
      ]);
      expect(paths({ "agent-fleet:fleet": fleetOf({}), short: 1 }, read)).toEqual(["agent-fleet:short"]);
    },
  );
});

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
