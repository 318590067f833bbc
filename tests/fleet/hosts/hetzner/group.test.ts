import { describe, expect, it } from "vitest";
import type { HostEntry } from "../../../../fleet/hosts/host.ts";
import { CATALOGUE } from "../../../../stacks/catalogue.ts";
import { fleet, hetznerGroup, registryOf, rendered } from "../../../support/fleets.ts";
import { CX23 } from "../../../support/hetzner-plans.ts";

function group(settings: object = {}): HostEntry {
  const entry = fleet({ hosts: { eu: hetznerGroup(settings) }, agents: {} }).hosts.get("eu");
  if (entry === undefined) throw new Error("there is no group");
  return entry;
}

const existing = (settings: object, registry = registryOf()) =>
  group(settings).existing({ registry, catalogue: CATALOGUE, sizing: fleet().settings.sizing });

describe("a group of servers", () => {
  it("owns its own name and its servers' names", () => {
    const owned = ["eu", "eu-1", "eu-12", "eu-0", "eu-x", "eu-west-1", "us-1"].filter((name) =>
      group().owns(name),
    );
    expect(owned).toEqual(["eu", "eu-1", "eu-12"]);
  });

  it("has the servers that the state knows, by name, and no other group's", () => {
    const registry = registryOf(
      {},
      { "eu-2": CX23, "eu-10": CX23, "eu-1": CX23, "eu-west-1": CX23, "us-1": CX23 },
    );
    expect(existing({ drain: ["eu-2"] }, registry).hosts).toMatchObject([
      { name: "eu-1", location: "fsn1", isDraining: false },
      { name: "eu-10", isDraining: false },
      { name: "eu-2", isDraining: true },
    ]);
  });

  it("retires an empty server, and refuses to retire one with agents on it", () => {
    const server = { "eu-1": CX23 };
    expect(existing({ retire: ["eu-1"] }, registryOf({}, server))).toMatchObject({
      hosts: [],
      retired: [{ server: "eu-1", monthly: expect.closeTo(6.562) }],
      problems: [],
    });
    const { problems } = existing(
      { retire: ["eu-1"] },
      registryOf({ alice: { host: "eu-1", slot: 0 } }, server),
    );
    expect(problems.map(rendered)).toEqual([
      'hosts.eu.retire = "eu-1" | 1 agent is still on it | list it in hosts.eu.drain first, and retire it in a later update',
    ]);
  });

  it("says of a server whose type the catalogue does not list how to refresh it", () => {
    const { problems } = existing({}, registryOf({}, { "eu-1": { serverType: "cx22", location: "fsn1" } }));
    expect(problems.map(rendered)).toEqual([
      `hosts.eu = "eu-1" | the catalogue of ${CATALOGUE.date} does not list cx22 in fsn1, so its size is not known | refresh it: npm run catalogue`,
    ]);
  });

  it("gives no new server a name that its settings mention", () => {
    expect(group({ drain: ["eu-3"], retire: ["eu-5"] }).reservedNames).toEqual(["eu-3", "eu-5"]);
  });

  it("connects to a server only with a verified host key", () => {
    const entry = group({ key: "~/.ssh/fleet" });
    expect(entry.connectionTo({ address: "ssh://root@203.0.113.9", hostKey: null })).toBeUndefined();
    expect(
      entry.connectionTo({ address: "ssh://root@203.0.113.9", hostKey: "ssh-ed25519 BBBB" }),
    ).toMatchObject({
      address: "ssh://root@203.0.113.9",
      hostKey: "ssh-ed25519 BBBB",
      sshOptions: expect.arrayContaining([
        "-i",
        "~/.ssh/fleet",
        "StrictHostKeyChecking=yes",
        "KnownHostsCommand=/bin/echo %H ssh-ed25519 BBBB",
      ]),
    });
    expect(entry.connection).toBeUndefined();
  });

  it("is found at its servers' addresses, which are not known before a server exists", () => {
    const registry = registryOf({}, { "eu-1": { ...CX23, address: "203.0.113.9" }, "eu-2": CX23 });
    expect(["eu-1", "eu-2", "eu-3"].map((host) => group().publicAddress(host, registry))).toEqual([
      "203.0.113.9",
      null,
      null,
    ]);
  });
});
