import { describe, expect, it } from "vitest";
import type { MachineDaemon } from "../../../fleet/config/machine-daemon.ts";
import { parseStack } from "../../../fleet/config/parse.ts";
import { planFleet } from "../../../fleet/plan-fleet.ts";
import { EMPTY_REGISTRY } from "../../../fleet/registry.ts";
import { CATALOGUE } from "../../../stacks/catalogue.ts";
import { config, refusals } from "../../support/fleets.ts";

const hosts = {
  here: { kind: "docker" },
  there: { kind: "docker", address: "tcp://there:2375", subnets: "10.97.0.0/16" },
};

const parsed = (daemon?: MachineDaemon) =>
  parseStack({ keys: ["fleet"], fleet: config({ hosts }), ...(daemon === undefined ? {} : { daemon }) })
    .fleet;

describe("a host without an address", () => {
  it("is the daemon of this machine, which is said where it is not the default", () => {
    const fleet = parsed({ address: "tcp://vm:2376", certificates: "/certs", reason: "DOCKER_HOST" });
    expect(fleet.hosts.get("here")?.connection).toEqual({
      address: "tcp://vm:2376",
      sshOptions: [],
      certificates: "/certs",
    });
    expect(fleet.hosts.get("there")?.connection).toEqual({ address: "tcp://there:2375", sshOptions: [] });
    expect(planFleet(fleet, EMPTY_REGISTRY, "test", CATALOGUE).notices).toContain(
      "here is the Docker daemon at tcp://vm:2376, because of DOCKER_HOST.",
    );
  });

  it("is Docker's default socket where nothing says otherwise, without a word", () => {
    for (const fleet of [parsed(), parsed({ address: "unix:///var/run/docker.sock", reason: undefined })]) {
      expect(fleet.hosts.get("here")?.connection?.address).toBe("unix:///var/run/docker.sock");
      expect(fleet.notices).toEqual([]);
    }
  });

  it("is refused where that daemon cannot be found, and no other host is", () => {
    expect(refusals(() => parsed({ problem: "there is no docker context gone" }))).toEqual([
      "hosts.here | it is the Docker daemon of this machine, and there is no docker context gone | correct that, or set the host's address",
    ]);
  });
});
