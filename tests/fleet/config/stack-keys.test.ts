import { expect, it } from "vitest";
import { ownKeys, STACK_KEYS, unknownKeys } from "../../../fleet/config/stack-keys.ts";

it("the program's keys are the fleet, the secrets and every credential of a service", () => {
  expect(STACK_KEYS).toEqual(["fleet", "secrets", "acmeDnsToken", "tailscaleAuthKey"]);
  expect(unknownKeys(STACK_KEYS)).toEqual([]);
});

it("keys of other namespaces are not the program's to judge", () => {
  expect(
    ownKeys(["agent-fleet:flet", "hcloud:token", "agent-fleets:x", "pulumi:disable-default-providers"]),
  ).toEqual(["flet"]);
});

it("an unknown key is refused by name, with the nearest one and without its value", () => {
  expect(unknownKeys(["flet", "zzz"])).toEqual([
    {
      path: "agent-fleet:flet",
      message: "there is no such key",
      remedy: `did you mean fleet? Use one of ${STACK_KEYS.join(", ")}, or remove it`,
    },
    {
      path: "agent-fleet:zzz",
      message: "there is no such key",
      remedy: `use one of ${STACK_KEYS.join(", ")}, or remove it`,
    },
  ]);
});
