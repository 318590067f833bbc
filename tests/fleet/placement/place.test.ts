import { describe, expect, it } from "vitest";
import { type FleetPlan, planFleet } from "../../../fleet/plan-fleet.ts";
import { EMPTY_REGISTRY, type Registry } from "../../../fleet/registry.ts";
import { CATALOGUE } from "../../../stacks/catalogue.ts";
import { hetznerGroup, refusals, registryOf } from "../../support/fleets.ts";
import { CLASSES, carriedOut, parse, place, type RawAgent } from "../../support/placements.ts";

const roster = (count: number, entry: RawAgent = { class: "light" }, from = 0): Record<string, RawAgent> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`a${index + from}`, entry]));

const eu = (settings: object = {}): Record<string, object> => ({ eu: hetznerGroup(settings) });

const own = (settings: object = {}): Record<string, object> => ({
  own: { kind: "docker", memoryMb: 4096, ports: ["20000-20009"], ...settings },
});

const plan = (
  hosts: Record<string, object>,
  agents: Record<string, RawAgent>,
  registry = EMPTY_REGISTRY,
): FleetPlan => planFleet(parse({ hosts, agents }), registry, "test", CATALOGUE);

const texts = (
  hosts: Record<string, object>,
  agents: Record<string, RawAgent>,
  registry: Registry,
): string[] => plan(hosts, agents, registry).changes.map(({ text }) => text);

const existing = (hosts: Record<string, object>, agents: Record<string, RawAgent>): Registry =>
  carriedOut(place(parse({ hosts, agents })));

/** What a plan is refused with. */
const problems = (...args: Parameters<typeof plan>): string[] => refusals(() => plan(...args));

describe("a new fleet", () => {
  it("gets the cheapest servers that hold it, with their costs", () => {
    const { hosts, costs, changes } = plan(eu(), roster(4));
    expect(hosts).toMatchObject([
      {
        name: "eu-1",
        entry: "eu",
        offer: { monthly: expect.closeTo(5.49 + 0.572 + 0.5) },
        server: { group: "eu", serverType: "cx23", location: "fsn1", volumeGb: 10 },
      },
    ]);
    expect(costs).toMatchObject({
      currency: "EUR",
      servers: 5.49,
      volumes: 0.57,
      addresses: 0.5,
      monthly: 6.56,
      trafficTb: 20,
    });
    expect(changes.map(({ text }) => text)).toEqual([
      "adds host eu-1 (cx23 in fsn1, +6.56 a month): no other host has capacity for a0, a1 and 2 more",
      ...["a0", "a1", "a2", "a3"].map((name) => `adds ${name} on eu-1`),
    ]);
  });

  it("gives a dedicated agent a server to itself", () => {
    const { agents } = plan(eu(), { ...roster(2), alone: { class: "light", isolation: "dedicated" } });
    const { a0, a1, alone } = Object.fromEntries(agents.map(({ name, host }) => [name, host]));
    expect(a0).toBe(a1);
    expect(alone).not.toBe(a0);
  });

  it("is in the first of equally cheap locations, and where an agent must be", () => {
    const hosts = eu({ locations: ["nbg1", "fsn1"] });
    const where = (agents: Record<string, RawAgent>): unknown[] =>
      plan(hosts, agents).hosts.map(({ server }) => server?.location);
    expect(where(roster(1))).toEqual(["nbg1"]);
    expect(where(roster(1, { class: "light", location: "fsn1" }))).toEqual(["fsn1"]);
  });

  it("uses the operator's own hosts before anything is bought", () => {
    const { hosts } = plan({ ...own(), ...eu() }, roster(6));
    expect(hosts.map(({ name, used }) => [name, used[4]])).toEqual([
      ["eu-1", 1],
      ["own", 5],
    ]);
  });

  it("spreads agents over own hosts of which nothing is known, by what they reserve", () => {
    const hosts = {
      one: { kind: "docker", address: "tcp://one:1" },
      two: { kind: "docker", address: "tcp://two:1" },
    };
    const { agents } = plan(hosts, roster(4));
    expect(agents.map(({ host }) => host)).toEqual(["one", "two", "one", "two"]);
  });
});

describe("a fleet that grows", () => {
  const registry = existing(eu(), roster(5));

  it("adds a server where that is allowed, and shows the other way next to it", () => {
    const { options, changes, hosts } = plan(eu(), roster(6), registry);
    expect(hosts.map(({ name }) => name)).toEqual(["eu-1", "eu-2"]);
    expect(changes[0]?.text).toBe(
      "adds host eu-2 (cx23 in fsn1, +6.56 a month): no other host has capacity for a5",
    );
    expect(options).toEqual([
      {
        kind: "add",
        what: "add 1 cx23 in fsn1",
        monthly: expect.closeTo(6.562),
        downtime: "none",
        allowed: true,
        chosen: true,
      },
      {
        kind: "resize",
        what: "make eu-1 a cx33",
        monthly: expect.closeTo(3 + 0.572),
        downtime: "some minutes for every agent on it: power-off, change, start",
        allowed: false,
        chosen: false,
      },
    ]);
  });

  it.each([["resize"], ["add", "resize"]])(
    "makes a server larger where that is allowed and cheaper: %s %s",
    (...growth) => {
      const hosts = eu({ growth: growth.filter(Boolean) });
      const { changes, agents, options } = plan(hosts, roster(6), registry);
      expect(changes.map(({ text }) => text)).toEqual([
        "makes host eu-1 a cx33 instead of a cx23 (+3.57 a month; powered off for some minutes, with a0, a1, a2, a3, a4): no host has capacity for a5",
        "adds a5 on eu-1",
      ]);
      expect(new Set(agents.map(({ host }) => host))).toEqual(new Set(["eu-1"]));
      expect(options.find(({ kind }) => kind === "resize")).toMatchObject({ allowed: true, chosen: true });
    },
  );

  it("buys the first server of a group that may only resize", () => {
    expect(plan(eu({ growth: ["resize"] }), roster(6)).hosts.map(({ server }) => server)).toMatchObject([
      { serverType: "cx33" },
    ]);
  });

  it("makes a server larger for a class that has become larger, and refuses where that is not allowed", () => {
    const heavier = { ...roster(5), a0: { class: "heavy" }, a1: { class: "heavy" } };
    expect(texts(eu({ growth: ["resize"] }), heavier, registry)).toEqual([
      expect.stringMatching(
        /^makes host eu-1 a cx33 instead of a cx23 .*: its agents need \d+ MiB reserved, 11264 MiB of limits/,
      ),
    ]);
    expect(problems(eu(), heavier, registry)).toEqual([
      expect.stringMatching(
        /^hosts\.eu = "eu-1" \| its agents take \d+ MiB reserved, 11264 MiB of limits.*; it has 3072 MiB reserved, 6144 MiB of limits.* \| .*allow "resize"/,
      ),
    ]);
  });

  it("never makes anything smaller", () => {
    const { hosts, changes } = plan(eu({ growth: ["add", "resize"] }), {}, registry);
    expect(hosts).toMatchObject([{ name: "eu-1", server: { serverType: "cx23" } }]);
    expect(changes.map(({ kind }) => kind)).toEqual(Array(5).fill("remove-agent"));
  });

  it("gives a new server a name that no server of the group ever had", () => {
    const hosts = eu({ drain: ["eu-1", "eu-3"] });
    expect(plan(hosts, roster(5), registry).hosts.map(({ name }) => name)).toEqual(["eu-1", "eu-2"]);
  });
});

describe("moving", () => {
  const two = { ...own(), ...eu() };
  const registry = existing(own(), roster(2));

  it("happens for a pin, a drain, a location, anti-affinity, isolation and a host that is gone, each with its reason", () => {
    expect(texts(two, { a0: { class: "light", host: "eu" }, a1: { class: "light" } }, registry)).toContain(
      "moves a0 from own to eu-1: it is pinned to eu",
    );
    expect(texts({ ...own({ drain: true }), ...eu() }, roster(2), registry)).toEqual([
      "adds host eu-1 (cx23 in fsn1, +6.56 a month): no other host has capacity for a0, a1",
      "moves a0 from own to eu-1: own is drained",
      "moves a1 from own to eu-1: own is drained",
    ]);
    expect(texts(two, roster(2, { class: "light", location: "fsn1" }), registry)).toContain(
      "moves a1 from own to eu-1: it is restricted to fsn1",
    );
    expect(texts(two, roster(2, { class: "light", antiAffinity: "x" }), registry)).toContain(
      "moves a1 from own to eu-1: another agent with antiAffinity x is on own",
    );
    expect(
      texts(two, { a0: { class: "light", isolation: "dedicated" }, a1: { class: "light" } }, registry),
    ).toContain("moves a0 from own to eu-1: it is to be alone on its host");
    expect(texts(eu(), roster(2), registry)).toContain(
      "moves a0 from own to eu-1: own is no longer a host of the fleet",
    );
  });

  it("is announced with what becomes of the data", () => {
    expect(
      plan({ ...own({ drain: true }), ...eu() }, roster(1), existing(own(), roster(1))).notices,
    ).toContain("a0 moves and starts there without its data, which stays on own, in volume fleet.test.a0.");
  });
});

describe("retiring a server", () => {
  it("is refused while agents are on it, and happens once it is empty", () => {
    const registry = existing(eu(), roster(1));
    const hosts = eu({ retire: ["eu-1"] });
    expect(problems(hosts, roster(1), registry)).toEqual([
      'hosts.eu.retire = "eu-1" | 1 agent is still on it | list it in hosts.eu.drain first, and retire it in a later update',
    ]);
    const { hosts: left, changes } = plan(hosts, {}, { ...registry, agents: new Map() });
    expect(left).toEqual([]);
    expect(changes.map(({ text }) => text)).toEqual([
      "deletes host eu-1 (-6.56 a month): it is retired and has no agents; a data volume stays until you delete it",
    ]);
  });
});

describe("a fleet that fits", () => {
  const host = (name: string, settings: object = {}): object => ({
    kind: "docker",
    address: `tcp://${name}:1`,
    memoryMb: 4096,
    ...settings,
  });
  const two = { attic: host("attic"), office: host("office") };
  const where = (...args: Parameters<typeof plan>): Record<string, string> =>
    Object.fromEntries(plan(...args).agents.map(({ name, host: on }) => [name, on]));
  const light = { class: "light" };

  it("leaves a host to the agent that is pinned to it, and takes another for one that is to be alone", () => {
    const agents = {
      alone: { ...light, isolation: "dedicated" },
      pinned: { ...light, host: "attic" },
      other: light,
    };
    expect(where(two, agents)).toEqual({ alone: "office", pinned: "attic", other: "attic" });
  });

  it("is placed where only one arrangement is possible, which no rule of thumb finds", () => {
    // Each host has 3072 MiB, which is 1500, 900 and 672; but the two largest fit on one as well.
    const reserving = (reservationMb: number) => ({ memoryMb: 1500, cpus: 1, reservationMb });
    const hosts = {
      attic: host("attic", { memoryMb: 3072 + 1024, maxAgents: 3 }),
      office: host("office", { memoryMb: 3072 + 1024, maxAgents: 3 }),
    };
    const fleet = parse(
      {
        hosts,
        agents: {
          a: { class: "heavy" },
          b: { class: "heavy" },
          c: { class: "standard" },
          d: { class: "light" },
          e: { class: "standard" },
          f: { class: "light" },
        },
      },
      { heavy: reserving(1500), standard: reserving(900), light: reserving(672) },
    );
    const { slots } = place(fleet);
    expect(slots.get("a")?.host).not.toBe(slots.get("b")?.host);
  });

  it("gets the first servers of two groups that may only resize, and two larger servers at once", () => {
    const growth = { growth: ["resize"], maxAgents: 100 };
    const groups = { eu: hetznerGroup(growth), us: hetznerGroup(growth) };
    const pinned = (count: number): Record<string, RawAgent> =>
      Object.fromEntries(
        ["eu", "us"].flatMap((group) =>
          Array.from({ length: count }, (_, index) => [`${group}${index}`, { ...light, host: group }]),
        ),
      );
    expect(plan(groups, pinned(5)).hosts.map(({ name }) => name)).toEqual(["eu-1", "us-1"]);
    expect(texts(groups, pinned(6), existing(groups, pinned(5)))).toEqual([
      expect.stringMatching(/^makes host eu-1 a cx33 .*: no host has capacity for eu5$/),
      expect.stringMatching(/^makes host us-1 a cx33 .*: no host has capacity for us5$/),
      "adds eu5 on eu-1",
      "adds us5 on us-1",
    ]);
  });

  it("moves whoever of two can, where they may no longer be together", () => {
    const registry = existing({ attic: two.attic }, { a: light, b: light });
    const agents = { a: light, b: { ...light, host: "attic", isolation: "dedicated" } };
    expect(texts(two, agents, registry)).toEqual(["moves a from attic to office: b is to be alone on attic"]);
  });

  it("says what keeps agents from the hosts that have capacity", () => {
    const agents = { a: { ...light, antiAffinity: "x" }, b: { ...light, antiAffinity: "x" }, c: light };
    expect(texts({ attic: two.attic, ...eu() }, agents, EMPTY_REGISTRY)).toContain(
      "adds host eu-1 (cx23 in fsn1, +6.56 a month): antiAffinity x keeps b from the hosts with capacity",
    );
    expect(
      texts(
        { attic: two.attic, ...eu() },
        { ...agents, b: { ...light, isolation: "dedicated" } },
        existing({ attic: two.attic }, { a: light }),
      ),
    ).toContain("adds host eu-1 (cx23 in fsn1, +6.56 a month): b is to be alone on its host");
  });

  it("names only those without a place where one kind has none", () => {
    const agents = {
      a: { ...light, host: "attic", antiAffinity: "x" },
      b: { ...light, host: "attic", antiAffinity: "x" },
      c: { ...light, isolation: "dedicated" },
      d: light,
    };
    expect(problems(two, agents)).toEqual([
      "agents.b | no place: attic has a with the same antiAffinity, x | add a host, or change antiAffinity or isolation of one of them",
    ]);
  });
});

describe("data volumes", () => {
  const data = (diskGb: number) => ({ ...CLASSES, light: { ...CLASSES.light, diskGb } });
  const planned = (count: number, diskGb: number, registry = EMPTY_REGISTRY): FleetPlan =>
    planFleet(parse({ hosts: eu(), agents: roster(count) }, data(diskGb)), registry, "test", CATALOGUE);
  const sizes = ({ hosts }: FleetPlan): unknown[] =>
    hosts.map(({ server }) => [server?.serverType, server?.volumeGb]);
  const after = (count: number, diskGb: number): Registry =>
    carriedOut(place(parse({ hosts: eu(), agents: roster(count) }, data(diskGb))));

  it("are as large as what is placed there, and buy no memory", () => {
    // 10 × 600 MiB fill the 6 GiB of a cx33, whose volume is otherwise of 20 GB.
    expect(sizes(planned(10, 8))).toEqual([["cx33", 80]]);
    expect(planned(10, 8).hosts[0]).toMatchObject({
      machine: { diskGb: 80 },
      capacity: expect.arrayContaining([80]),
    });
    expect(planned(10, 8).costs).toMatchObject({ servers: 8.49, volumes: 4.58 });
  });

  it("grow with their agents, which is listed, and never shrink", () => {
    const registry = after(2, 8);
    expect(registry.servers.get("eu-1")).toMatchObject({ serverType: "cx23", volumeGb: 20 });
    const grown = planned(4, 8, registry);
    expect(sizes(grown)).toEqual([["cx23", 40]]);
    expect(grown.changes[0]).toEqual({
      kind: "grow-host",
      name: "eu-1",
      text: "makes the data volume of host eu-1 larger, 40 GB instead of 20 (+1.14 a month)",
      monthly: expect.closeTo(1.144),
    });
    expect(sizes(planned(0, 8, registry))).toEqual([["cx23", 20]]);
    expect(planned(0, 8, registry).costs.volumes).toBe(1.14);
  });

  it("are no larger than Hetzner sells them", () => {
    expect(sizes(planned(3, 5000))).toEqual([
      ["cx23", 10_000],
      ["cx23", 5000],
    ]);
    expect(() => planned(1, 10_241)).toThrow(/the largest server that may be ordered, .* 10240 GB of disk/);
  });
});

describe("a fleet that does not fit", () => {
  it("is refused with the numbers, once for all agents of a kind", () => {
    expect(problems(own(), roster(9))).toEqual([
      'agents.a5 = "and 3 more like it" | no capacity: an agent of class light takes 600 MiB reserved, 1024 MiB of limits, 1 CPUs, 2 GB of disk; own has most to spare: 72 MiB reserved, 1024 MiB of limits, 5 agents, 5 slots | add a host, use a smaller class, or remove agents',
    ]);
  });

  it("says how to widen a range of slots that has run out", () => {
    expect(problems(own({ memoryMb: 65_536, ports: ["20000-20001"] }), roster(3))).toEqual([
      expect.stringMatching(
        /^agents\.a2 .*, 0 slots \| append a range to hosts\.own\.ports, such as 19000-19999/,
      ),
    ]);
  });

  it("does not get the slots that agents leave in the same update", () => {
    const hosts = own({ ports: ["20000-20001"] });
    const registry = existing(hosts, roster(2));
    expect(problems(hosts, roster(2, { class: "light" }, 1), registry)).toEqual([
      expect.stringMatching(/^agents\.a2 .* in an update of their own: their slots are free after it$/),
    ]);
    expect(
      place(parse({ hosts, agents: roster(2, { class: "light" }, 1) }), {
        ...registry,
        agents: registryOf({ a1: { host: "own", slot: 1 } }).agents,
      }).slots,
    ).toEqual(registryOf({ a1: { host: "own", slot: 1 }, a2: { host: "own", slot: 0 } }).agents);
  });

  it("says that no server is large enough", () => {
    const fleet = parse(
      { hosts: eu(), agents: { a: { class: "light" } } },
      { ...CLASSES, light: { memoryMb: 60_000, cpus: 1 } },
    );
    expect(() => planFleet(fleet, EMPTY_REGISTRY, "test", CATALOGUE)).toThrow(
      /the largest server that may be ordered, cx53/,
    );
  });

  it("says how to refresh a catalogue that does not list a server's type", () => {
    const registry = registryOf({}, { "eu-1": { serverType: "cx22", location: "fsn1" } });
    expect(problems(eu(), roster(1), registry)[0]).toMatch(
      /does not list cx22 in fsn1, so its size is not known \| refresh it: npm run catalogue/,
    );
  });

  it("says which agents a narrowed range leaves outside", () => {
    const registry = existing(own(), roster(3));
    expect(problems(own({ ports: ["20000-20001"] }), roster(3), registry)).toEqual([
      expect.stringMatching(/^hosts\.own\.ports .*agent a2 has slot 2 on own, which is beyond the ranges/),
    ]);
  });
});
