import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { changesOf } from "../../../fleet/plan/changes.ts";
import { footprintOf } from "../../../openclaw/footprint.ts";
import { candidateOf, type Placement } from "../../../fleet/placement/place.ts";
import { planFleet } from "../../../fleet/plan/plan.ts";
import type { Fleet } from "../../../fleet/config/schema.ts";
import { capacityOf } from "../../../fleet/placement/sizing.ts";
import { EMPTY_REGISTRY, type Registry } from "../../../fleet/placement/slots.ts";
import { CATALOGUE } from "../../../stacks/catalogue.ts";
import { LOGIN } from "../../support/fleets.ts";
import {
  carriedOut,
  grownFleet,
  hosts,
  parse,
  place,
  type RawFleet,
  rosterOn,
  tryPlace,
} from "../../support/placements.ts";

const RUNS = { numRuns: 10_000 };

/** What each host's agents take, added up from the configuration and not from what placement says of itself. */
function takenOf(fleet: Fleet, { slots }: Placement): Map<string, number[]> {
  const taken = new Map<string, number[]>();
  for (const [name, { host }] of Object.entries(slots)) {
    const { need } = candidateOf(name, fleet, fleet.footprint ?? footprintOf(fleet.image));
    taken.set(
      host,
      need.map((amount, dimension) => amount + (taken.get(host)?.[dimension] ?? 0)),
    );
  }
  return taken;
}

/** What a host has, from the configuration and the catalogue. */
function capacityIn(fleet: Fleet, { sites }: Placement, host: string): readonly number[] {
  const own = fleet.hosts[host];
  if (own?.kind === "docker")
    return capacityOf({ ...own, maxAgents: own.maxAgents ?? Infinity }, fleet.sizing);
  const offer = sites.find(({ name }) => name === host)?.options.offer;
  const type = CATALOGUE.types[offer?.serverType ?? ""];
  const group = fleet.hosts[offer?.group ?? ""];
  if (type === undefined || group?.kind !== "hetzner") throw new Error(`${host} is nowhere`);
  const dataGb = Math.ceil((type.memoryGb * group.volumePerMemory) / 10) * 10 || undefined;
  return capacityOf(
    {
      memoryMb: type.memoryGb * 1024,
      cpus: type.cpus,
      diskGb: type.diskGb,
      dataGb,
      maxAgents: group.maxAgents ?? Infinity,
    },
    fleet.sizing,
  );
}

const groupOf = (host: string, fleet: Fleet): string =>
  Object.hasOwn(fleet.hosts, host) ? host : host.slice(0, host.lastIndexOf("-"));

const shuffled = <T extends object>(record: T): fc.Arbitrary<T> => {
  const entries = Object.entries(record);
  return fc
    .shuffledSubarray(entries, { minLength: entries.length })
    .map((order) => Object.fromEntries(order) as T);
};

describe("placement, for any fleet and whatever exists of it", () => {
  it("places every agent exactly once, or says why not", () => {
    let placed = 0;
    fc.assert(
      fc.property(grownFleet, ({ fleet: raw, registry }) => {
        const placement = tryPlace(parse(raw), registry);
        if (placement === undefined) return;
        placed++;
        expect(Object.keys(placement.slots).toSorted()).toEqual(Object.keys(raw.agents).toSorted());
        const living = placement.sites.flatMap(({ name, agents }) =>
          agents.map((agent) => [agent.name, name]),
        );
        expect(Object.fromEntries(living)).toEqual(
          Object.fromEntries(Object.entries(placement.slots).map(([name, { host }]) => [name, host])),
        );
        expect(living.length).toBe(Object.keys(raw.agents).length);
      }),
      RUNS,
    );
    // Were nearly all refused, the properties here would say little.
    expect(placed).toBeGreaterThan(RUNS.numRuns / 2);
  });

  it("puts on no host more memory, limits, CPUs, disk or agents than it has", () => {
    fc.assert(
      fc.property(grownFleet, ({ fleet: raw, registry }) => {
        const fleet = parse(raw);
        const placement = tryPlace(fleet, registry);
        if (placement === undefined) return;
        for (const [host, taken] of takenOf(fleet, placement)) {
          const capacity = capacityIn(fleet, placement, host);
          taken.forEach((amount, dimension) => {
            expect(amount).toBeLessThanOrEqual(capacity[dimension] ?? 0);
          });
        }
      }),
      RUNS,
    );
  });

  it("keeps to pins, locations, spreads and dedication", () => {
    fc.assert(
      fc.property(grownFleet, ({ fleet: raw, registry }) => {
        const fleet = parse(raw);
        const placement = tryPlace(fleet, registry);
        if (placement === undefined) return;
        for (const [name, { host }] of Object.entries(placement.slots)) {
          const { host: pin, location, spread, isolation } = fleet.agents[name] as Fleet["agents"][string];
          const others = Object.entries(placement.slots)
            .filter(([other, slot]) => other !== name && slot.host === host)
            .map(([other]) => fleet.agents[other]);
          if (pin !== undefined) expect([host, groupOf(host, fleet)]).toContain(pin);
          if (location !== undefined)
            expect(placement.sites.find((site) => site.name === host)?.options.location).toBe(location);
          if (spread !== undefined) expect(others.map((other) => other?.spread)).not.toContain(spread);
          if (isolation === "dedicated") expect(others).toEqual([]);
        }
      }),
      RUNS,
    );
  });

  it("gives no two agents a slot, subnet, address, port or URL, nor one that an agent leaves in the same update", () => {
    fc.assert(
      fc.property(grownFleet, ({ fleet: raw, registry }) => {
        const fleet = parse(raw);
        if (tryPlace(fleet, registry) === undefined) return;
        const { agents } = planFleet(fleet, registry, "test", CATALOGUE);
        const distinct = (of: (agent: (typeof agents)[number]) => string): void =>
          expect(new Set(agents.map(of)).size).toBe(agents.length);
        distinct(({ host, slot }) => `${host}/${slot}`);
        distinct(({ host, room }) => `${host}/${room.subnet}`);
        distinct(({ host, room }) => `${host}/${room.agent}`);
        distinct(({ host, loopbackPort }) => `${host}/${loopbackPort}`);
        distinct(({ url }) => url);
        const before = Object.entries(registry.agents);
        for (const { name, host, slot } of agents) {
          expect(
            before.filter(([other, place]) => other !== name && place.host === host && place.slot === slot),
          ).toEqual([]);
        }
      }),
      RUNS,
    );
  });

  it("does not depend on the order of the entries", () => {
    fc.assert(
      fc.property(
        grownFleet.chain(({ fleet, registry }) =>
          fc.record({
            fleet: fc.constant(fleet),
            agents: shuffled(fleet.agents),
            hosts: shuffled(fleet.hosts),
            registry: fc.constant(registry),
            servers: shuffled(registry.servers),
            registered: shuffled(registry.agents),
          }),
        ),
        ({ fleet, agents, hosts: order, registry, servers, registered }) => {
          const one = tryPlace(parse(fleet), registry);
          const other = tryPlace(parse({ agents, hosts: order }), { servers, agents: registered });
          expect(other?.slots).toEqual(one?.slots);
          expect(other?.growth.additions).toEqual(one?.growth.additions);
        },
      ),
      RUNS,
    );
  });

  it("moves nobody when any agent comes or goes", () => {
    const withOneMore = hosts.chain((all) =>
      rosterOn(all)
        .filter((roster) => Object.keys(roster).length > 0)
        .chain((roster) =>
          fc.record({
            hosts: fc.constant(all),
            roster: fc.constant(roster),
            one: fc.constantFrom(...Object.keys(roster)),
          }),
        ),
    );
    fc.assert(
      fc.property(withOneMore, ({ hosts: all, roster, one }) => {
        const { [one]: _, ...fewer } = roster;
        const stays = (before: RawFleet, after: RawFleet): void => {
          const first = tryPlace(parse(before));
          const second = first && tryPlace(parse(after), carriedOut(first));
          for (const [name, slot] of Object.entries(second?.slots ?? {})) {
            if (name !== one) expect({ name, ...slot }).toEqual({ name, ...first?.slots[name] });
          }
          expect(second?.moves ?? []).toEqual([]);
        };
        stays({ hosts: all, agents: roster }, { hosts: all, agents: fewer });
        stays({ hosts: all, agents: fewer }, { hosts: all, agents: roster });
      }),
      RUNS,
    );
  });

  it("plans nothing more once a plan has been carried out", () => {
    fc.assert(
      fc.property(grownFleet, ({ fleet: raw, registry }) => {
        const fleet = parse(raw);
        const first = tryPlace(fleet, registry);
        if (first === undefined) return;
        const after: Registry = carriedOut(first);
        const second = tryPlace(fleet, after);
        expect(second?.slots).toEqual(first.slots);
        expect(second && changesOf(second, after, fleet)).toEqual([]);
      }),
      RUNS,
    );
  });

  it("leaves a drained host empty, and lists every move", () => {
    const drained = grownFleet.chain(({ fleet, registry }) => {
      const inhabited = [...new Set(Object.values(registry.agents).map(({ host }) => host))];
      return fc.record({
        fleet: fc.constant(fleet),
        registry: fc.constant(registry),
        host: inhabited.length === 0 ? fc.constant("none") : fc.constantFrom(...inhabited),
      });
    });
    let emptied = 0;
    fc.assert(
      fc.property(drained, ({ fleet: raw, registry, host }) => {
        const draining = Object.fromEntries(
          Object.entries(raw.hosts).map(([name, entry]) => [
            name,
            (entry as { kind: string }).kind === "docker"
              ? { ...entry, drain: name === host }
              : { ...entry, drain: host.startsWith(`${name}-`) ? [host] : [] },
          ]),
        );
        const placement = tryPlace(parse({ ...raw, hosts: draining }), registry);
        if (placement === undefined) return;
        const left = Object.entries(registry.agents).filter(
          ([name, place]) => place.host === host && Object.hasOwn(raw.agents, name),
        );
        if (left.length > 0) emptied++;
        expect(Object.values(placement.slots).filter((slot) => slot.host === host)).toEqual([]);
        expect(placement.moves.filter(({ from }) => from === host).map(({ agent }) => agent)).toEqual(
          left.map(([name]) => name).toSorted(),
        );
      }),
      RUNS,
    );
    expect(emptied).toBeGreaterThan(RUNS.numRuns / 20);
  });

  it("holds for hundreds of agents of many kinds as well, where servers are chosen by another method", () => {
    const kinds = fc.array(
      fc.record({
        class: fc.constantFrom("light", "standard", "heavy"),
        location: fc.constantFrom("", "", "fsn1", "nbg1"),
        spread: fc.constantFrom("", "", "", "pair", "crowd"),
        isolation: fc.constantFrom("shared", "shared", "shared", "shared", "dedicated"),
        count: fc.integer({ min: 1, max: 60 }),
      }),
      { minLength: 1, maxLength: 8 },
    );
    fc.assert(
      fc.property(kinds, fc.constantFrom(["cx"], ["cx", "cax", "cpx"], ["ccx"]), (all, families) => {
        const agents = all.flatMap(({ count, spread, location, ...rest }, kind) =>
          Array.from({ length: count }, (_, index) => [
            `a${kind}-${index}`,
            {
              ...rest,
              ...(location === "" ? {} : { location }),
              // Of a pair there are many, of a crowd one that no two of which may meet.
              ...(spread === "" ? {} : { spread: spread === "pair" ? `p${kind}-${index >> 1}` : "crowd" }),
            },
          ]),
        );
        const fleet = parse({
          hosts: { eu: { kind: "hetzner", ...LOGIN, families, locations: ["fsn1", "nbg1"] } },
          agents: Object.fromEntries(agents),
        });
        const placement = place(fleet);
        expect(Object.keys(placement.slots).length).toBe(agents.length);
        for (const [host, taken] of takenOf(fleet, placement)) {
          const capacity = capacityIn(fleet, placement, host);
          for (const [dimension, amount] of taken.entries())
            expect(amount).toBeLessThanOrEqual(capacity[dimension] ?? 0);
        }
        for (const { agents: together, options } of placement.sites) {
          expect(together.length).toBeGreaterThan(0);
          const spreads = together.flatMap(({ spread }) => (spread === undefined ? [] : [spread]));
          expect(new Set(spreads).size).toBe(spreads.length);
          if (together.some(({ isDedicated }) => isDedicated)) expect(together.length).toBe(1);
          for (const { location } of together) expect(location ?? options.location).toBe(options.location);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("begins from nothing as well", () => {
    expect(
      tryPlace(
        parse({ hosts: { eu: { kind: "hetzner", ...LOGIN, locations: ["fsn1"] } }, agents: {} }),
        EMPTY_REGISTRY,
      )?.sites,
    ).toEqual([]);
  });
});
