import { expect, it } from "vitest";
import { fleetSchema } from "../../../fleet/config/schema.ts";
import { settingsAt } from "../../../fleet/config/settings-at.ts";

const raw = { hosts: { one: { kind: "docker" }, eu: { kind: "hetzner" }, odd: { kind: "none" }, bad: null } };
const known = (path: string): string[] => settingsAt(fleetSchema, path === "" ? [] : path.split("."), raw);

it.each([
  ["", "antiAffinity", false],
  ["", "egressProxy", true],
  ["agents.alice", "antiAffinity", true],
  ["agents.alice.channels", "slack", true],
  ["agents.alice.channels.slack", "dmPolicy", true],
  ["classes.small", "memoryMb", true],
  ["defaults.tools", "deny", true],
  ["ingress.acme", "email", true],
  ["hosts.one", "address", true],
  ["hosts.one", "families", false],
  ["hosts.eu", "families", true],
])("%j has a setting %s: %s", (path, setting, exists) => {
  expect(known(path).includes(setting)).toBe(exists);
});

it.each(["agents", "agents.alice.env", "hosts.odd", "hosts.bad", "domain", "agents.alice.nothing.at.all"])(
  "%s has no settings of its own",
  (path) => {
    expect(known(path)).toEqual([]);
  },
);
