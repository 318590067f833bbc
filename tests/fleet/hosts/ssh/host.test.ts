import { describe, expect, it } from "vitest";
import { EMPTY_REGISTRY } from "../../../../fleet/registry.ts";
import { fleet } from "../../../support/fleets.ts";

describe("a server that is reached by SSH", () => {
  it.each(["203.0.113.5", "paris.example.net"])(
    "is found by its agents' users where SSH finds it: %s",
    (address) => {
      const entry = fleet({ hosts: { one: { kind: "ssh", address } } }).hosts.get("one");
      expect(entry?.connection?.address).toBe(`ssh://root@${address}`);
      expect(entry?.publicAddress("one", EMPTY_REGISTRY)).toBe(address);
    },
  );
});
