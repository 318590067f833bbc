import { describe, expect, it } from "vitest";
import type { OwnObject } from "../../fleet/docker/adoption.ts";
import type { HostObservation } from "../../fleet/docker/inventory.ts";
import {
  removalsOf,
  requireFileBackend,
  requireKnownServers,
  requireObservations,
} from "../../operations/adopt.ts";
import { EMPTY_INVENTORY, HETZNER } from "../support/docker-plans.ts";
import { fleet, registryOf } from "../support/fleets.ts";

const PROJECT = {
  folder: "/f",
  name: "agent-fleet",
  stack: "prod",
  stackFile: "/f/Pulumi.prod.yaml",
  backendUrl: "s3://state",
};

describe("adopt refuses", () => {
  it("a backend that it cannot write, and names it", () => {
    expect(() => requireFileBackend(PROJECT)).toThrow(
      /file backends only, and this stack's is in s3:\/\/state/,
    );
    expect(() => requireFileBackend({ ...PROJECT, backendUrl: "file://~" })).not.toThrow();
  });

  it("cloud servers that the state does not know", () => {
    const cloud = fleet(HETZNER);
    expect(() => requireKnownServers(cloud, registryOf())).toThrow(/no servers of hosts\.eu\. Restore/);
    const server = { serverType: "cx23", location: "fsn1" };
    expect(() => requireKnownServers(cloud, registryOf({}, { "eu-1": server }))).not.toThrow();
    expect(() => requireKnownServers(fleet(), registryOf())).not.toThrow();
  });

  it("hosts that do not answer, each with the reason", () => {
    const observations = new Map<string, HostObservation>([["one", { inventory: EMPTY_INVENTORY }]]);
    expect(() => requireObservations(observations)).not.toThrow();
    observations.set("two", { problem: "no route" });
    expect(() => requireObservations(observations)).toThrow("two (no route)");
  });
});

describe("what is left over", () => {
  it("comes with the commands that remove it, and no data", () => {
    const object = (host: string, kind: OwnObject["kind"], name: string): OwnObject => ({
      host,
      kind,
      object: { id: name, name, labels: {} },
    });
    expect(
      removalsOf([
        object("one", "network", "n"),
        object("one", "volume", "v"),
        object("two", "container", "c"),
      ]),
    ).toEqual(["one: docker network rm n", "two: docker rm --force c"]);
    expect(removalsOf([object("one", "volume", "v")])).toEqual([]);
  });
});
