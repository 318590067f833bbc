import { describe, expect, it } from "vitest";
import type { PublicAddress } from "../../../fleet/hosts/host.ts";
import { dnsRecords, tooManyRecords } from "../../../fleet/plan/dns.ts";
import { EMPTY_REGISTRY } from "../../../fleet/registry.ts";
import { fleet, rendered, settingsOf } from "../../support/fleets.ts";

const at = (agents: Record<string, string>) => Object.entries(agents).map(([name, host]) => ({ name, host }));
const { settings, hosts } = fleet({
  hosts: {
    berlin: { kind: "ssh", address: "203.0.113.5" },
    here: { kind: "docker" },
    paris: { kind: "ssh", address: "paris.example.net" },
    rome: { kind: "docker", address: "tcp://203.0.113.9:2375" },
  },
});
const addresses = [...hosts].map(([name, entry]): [string, PublicAddress] => [
  name,
  entry.publicAddress(name, EMPTY_REGISTRY),
]);
const recordsFor = (agents: Record<string, string>, more: [string, PublicAddress][] = []) =>
  dnsRecords(settings.domain, at(agents), new Map([...addresses, ...more]));
const records = (...args: Parameters<typeof recordsFor>) =>
  recordsFor(...args).map(({ name, type, value, ttl }) => `${name} ${ttl} ${type} ${value}`);

describe("dnsRecords", () => {
  it("is one wildcard where all agents are on one host", () => {
    expect(records({ alice: "berlin", bob: "berlin" })).toEqual(["*.agents.example.com 300 A 203.0.113.5"]);
  });

  it("names only the agents that are elsewhere", () => {
    expect(records({ alice: "berlin", bob: "paris", carol: "rome" })).toEqual([
      "*.agents.example.com 300 A 203.0.113.5",
      "bob.agents.example.com 300 CNAME paris.example.net",
      "carol.agents.example.com 300 A 203.0.113.9",
    ]);
  });

  it("says which host and which agent each record is for", () => {
    expect(recordsFor({ alice: "berlin", bob: "paris" })).toMatchObject([
      { host: "berlin", agent: undefined },
      { host: "paris", agent: "bob" },
    ]);
  });

  it("leaves open the address of a server that does not exist yet", () => {
    expect(records({ alice: "berlin", bob: "fsn1-1" }, [["fsn1-1", null]])).toEqual([
      "*.agents.example.com 300 A 203.0.113.5",
      "bob.agents.example.com 300 A null",
    ]);
  });

  it("is empty for this machine, and leaves out a host without agents", () => {
    expect(records({ alice: "here" })).toEqual([]);
    expect(records({ alice: "paris" })).toEqual(["*.agents.example.com 300 CNAME paris.example.net"]);
  });
});

describe("tooManyRecords", () => {
  const cloudflare = (maxRecords: number) =>
    settingsOf({ dns: { kind: "cloudflare", zoneId: "0".repeat(32), maxRecords } });
  const two = recordsFor({ alice: "berlin", bob: "paris" });

  it("accepts as many records as the zone has space for", () => {
    expect(tooManyRecords(two, cloudflare(2))).toEqual([]);
    expect(tooManyRecords(two, cloudflare(1)).map(rendered)).toEqual([
      "dns.maxRecords = 1 | the fleet needs 2 records: a wildcard, and one for each agent that is on another host than berlin | place more agents on that host, use fewer and larger hosts, or a zone with space for more and say so here",
    ]);
  });

  it("does not limit records that the operator sets", () => {
    expect(tooManyRecords(Array(1000).fill(two[0]), settingsOf())).toEqual([]);
  });
});
