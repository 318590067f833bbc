import { describe, expect, it } from "vitest";
import { knownConnections } from "../../../fleet/hosts/known.ts";
import { fleet, hetznerGroup, registryOf } from "../../support/fleets.ts";

const SERVER = { serverType: "cx22", location: "fsn1", address: "203.0.113.9" };
const facts = { server: "1", serverType: "cx22", volumeGb: 10, hostKey: "ssh-ed25519 AAAA", docker: "28" };

const addresses = (servers: Parameters<typeof registryOf>[1], hosts: object) =>
  [...knownConnections(fleet({ hosts, agents: {} }), registryOf({}, servers))].map(([name, { address }]) => [
    name,
    address,
  ]);

describe("the Docker daemons that are known", () => {
  it("are those of the operator's own hosts", () => {
    const one = { kind: "docker", address: "tcp://10.0.0.5:2375" };
    expect(addresses({}, { one })).toEqual([["one", "tcp://10.0.0.5:2375"]]);
  });

  it("are those of servers whose host key was verified, and that the settings still have", () => {
    const servers = { "eu-1": { ...SERVER, facts }, "eu-2": SERVER, "us-1": { ...SERVER, facts } };
    expect(addresses(servers, { eu: hetznerGroup() })).toEqual([
      ["eu-1", expect.stringContaining("203.0.113.9")],
    ]);
  });
});
