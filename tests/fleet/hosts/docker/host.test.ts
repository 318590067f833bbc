import { describe, expect, it } from "vitest";
import { EMPTY_REGISTRY } from "../../../../fleet/registry.ts";
import { fleet, refusals } from "../../../support/fleets.ts";

describe("a Docker daemon that already runs", () => {
  it.each([
    ["unix:///var/run/docker.sock", undefined],
    ["tcp://203.0.113.9:2375", "203.0.113.9"],
    ["tcp://docker.example.net:2375", "docker.example.net"],
  ])("at %s is found by its agents' users at %s", (address, publicAddress) => {
    const entry = fleet({ hosts: { one: { kind: "docker", address } } }).hosts.get("one");
    expect(entry?.connection).toEqual({ address, sshOptions: [] });
    expect(entry?.connectionTo({ address: "ssh://root@elsewhere", hostKey: null })).toEqual(
      entry?.connection,
    );
    expect(entry?.publicAddress("one", EMPTY_REGISTRY)).toBe(publicAddress);
  });

  it("has certificates behind tcp:// alone", () => {
    const withCertificates = (address?: string) =>
      fleet({
        hosts: {
          one: { kind: "docker", certificates: "/certs", ...(address === undefined ? {} : { address }) },
        },
      });
    expect(withCertificates("tcp://vm:2376").hosts.get("one")?.connection?.certificates).toBe("/certs");
    for (const address of [undefined, "unix:///var/run/docker.sock"]) {
      expect(refusals(() => withCertificates(address))).toEqual([
        'hosts.one.certificates = "/certs" | only a daemon behind `tcp://` has them | leave them out, or set hosts.one.address to `tcp://HOST:PORT`',
      ]);
    }
  });
});
