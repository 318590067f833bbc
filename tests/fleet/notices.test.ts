import { describe, expect, it } from "vitest";
import type { Registry } from "../../fleet/registry.ts";
import { hetznerGroup, planOf, registryOf } from "../support/fleets.ts";
import { CX23 } from "../support/hetzner-plans.ts";

const notices = (changes: Record<string, unknown>, registry?: Registry): readonly string[] =>
  planOf(changes, registry).notices;

const roster = (count: number, entry: object = {}): Record<string, object> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`a${index}`, entry]));

describe("notices", () => {
  it("are none for a fleet of which there is nothing to say", () => {
    expect(notices({})).toEqual([]);
  });

  it("name an image that was not measured, unless its footprint is configured", () => {
    expect(notices({ image: "example.com/own/gateway:1" })).toEqual([
      "example.com/own/gateway:1 was not measured: it is assumed to need what the newest measured image does. Measure it: npm run footprint -- example.com/own/gateway:1",
    ]);
    const footprint = { minimumMb: 256, idleMb: 100 };
    expect(notices({ image: "example.com/own/gateway:1", footprint })).toEqual([]);
  });

  it("name a drained server that does not exist", () => {
    const hosts = { eu: hetznerGroup({ drain: ["eu-1", "eu-7"] }) };
    expect(notices({ hosts, agents: {} }, registryOf({}, { "eu-1": CX23 }))).toEqual([
      "hosts.eu.drain names eu-7, which does not exist.",
    ]);
  });

  it("name agents with open egress, and data that an agent leaves behind", () => {
    const registry = registryOf({ alice: { host: "one", slot: 0 }, zoe: { host: "one", slot: 1 } });
    expect(notices({ agents: { alice: { egress: "open" } } }, registry)).toEqual([
      "alice has open egress: it reaches the whole internet, past the egress proxy.",
      "zoe leaves the fleet; its data stays in volume fleet.test.zoe. To delete it for good: npm run purge -- zoe",
    ]);
  });

  it("say where the data of an agent that moves stays", () => {
    const hosts = { one: { kind: "docker", drain: true }, two: { kind: "docker", address: "tcp://two:1" } };
    expect(
      notices({ hosts, agents: { alice: {} } }, registryOf({ alice: { host: "one", slot: 0 } })),
    ).toEqual([
      "alice moves and starts there without its data, which stays on one, in volume fleet.test.alice.",
    ]);
  });

  it("say which agents get fewer CPUs than their class allows", () => {
    const hosts = { one: { kind: "docker", cpus: 2 } };
    expect(notices({ hosts, agents: { alice: { class: "heavy" }, bob: {} } })).toEqual([
      "alice may use 2 of the 4 CPUs that class heavy allows: one has no more.",
    ]);
  });
});

describe("the notice of Let's Encrypt's weekly limit", () => {
  const ACME = { ingress: { tls: "acme" } };
  const many = (count: number) =>
    `${count} agents need a new certificate, and Let's Encrypt issues 50 a week for names below agents.example.com: bring them up over several weeks, or ask for a higher limit. Until then the others cannot be reached.`;

  it("is given for 51 new public agents, and not for 50", () => {
    expect(notices({ ...ACME, agents: roster(50) })).toEqual([]);
    expect(notices({ ...ACME, agents: roster(51) })).toEqual([many(51)]);
  });

  it("does not count agents that exist, that are not public, or whose certificates are internal", () => {
    expect(notices({ ...ACME, agents: roster(51) }, registryOf({ a0: { host: "one", slot: 0 } }))).toEqual(
      [],
    );
    expect(notices({ ...ACME, agents: { ...roster(51), a0: { access: "loopback" } } })).toEqual([]);
    expect(notices({ agents: roster(51) })).toEqual([]);
  });

  const WILDCARD = { ingress: { tls: "wildcard", image: "caddy-with-cloudflare:2.11.4" } };
  const apart = (count: number) => ({
    ...WILDCARD,
    hosts: { eu: hetznerGroup() },
    agents: roster(count, { isolation: "dedicated" }),
  });

  it("is given for wildcards on 6 new hosts, and not on 5", () => {
    const known = (agents = {}) => registryOf(agents, { "eu-1": CX23 });
    expect(notices(apart(5), known())).toEqual([]);
    expect(notices(apart(6), known())).toEqual([
      "6 hosts need a certificate for *.agents.example.com, and Let's Encrypt issues 5 a week for the same names: bring them up over several weeks. Until then the agents on the others cannot be reached.",
    ]);
    expect(notices(apart(6), known({ a0: { host: "eu-1", slot: 0 } }))).toEqual([]);
  });

  it("does not count agents where there are wildcards", () => {
    expect(notices({ ...WILDCARD, agents: roster(51) })).toEqual([]);
  });
});
