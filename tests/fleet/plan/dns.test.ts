import { describe, expect, it } from "vitest";
import { publicAddressOf, recordsOf } from "../../../fleet/plan/dns.ts";
import { fleet } from "../../support/fleets.ts";

const at = (agents: Record<string, string>) => Object.entries(agents).map(([name, host]) => ({ name, host }));
const hosts = {
  berlin: { kind: "ssh", address: "203.0.113.5" },
  here: { kind: "docker" },
  paris: { kind: "ssh", address: "paris.example.net" },
  rome: { kind: "docker", address: "tcp://203.0.113.9:2375" },
};
const { domain, hosts: parsed } = fleet({ hosts });
const addresses = new Map(
  Object.entries(parsed).flatMap(([name, host]): [string, string][] => {
    const address = publicAddressOf(host);
    return address === undefined ? [] : [[name, address]];
  }),
);
const records = (agents: Record<string, string>, more: [string, string | null][] = []) =>
  recordsOf(domain, at(agents), new Map([...addresses, ...more])).map(
    ({ name, type, value, ttl }) => `${name} ${ttl} ${type} ${value}`,
  );

describe("the records that a fleet needs", () => {
  it("are one wildcard where all agents live on one host", () => {
    expect(records({ alice: "berlin", bob: "berlin" })).toEqual(["*.agents.example.com 300 A 203.0.113.5"]);
  });

  it("name only the agents that live elsewhere", () => {
    expect(records({ alice: "berlin", bob: "paris", carol: "rome" })).toEqual([
      "*.agents.example.com 300 A 203.0.113.5",
      "bob.agents.example.com 300 CNAME paris.example.net",
      "carol.agents.example.com 300 A 203.0.113.9",
    ]);
  });

  it("wait for the address of a server that is not made yet", () => {
    expect(records({ alice: "berlin", bob: "fsn1-1" }, [["fsn1-1", null]])).toEqual([
      "*.agents.example.com 300 A 203.0.113.5",
      "bob.agents.example.com 300 A null",
    ]);
  });

  it("are none for this machine, nor for a host without agents", () => {
    expect(records({ alice: "here" })).toEqual([]);
    expect(records({ alice: "paris" })).toEqual(["*.agents.example.com 300 CNAME paris.example.net"]);
  });
});
