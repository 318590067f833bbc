import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Agent, Fleet } from "../../../fleet/config/fleet.ts";
import { candidateOf, type Placement } from "../../../fleet/placement/place.ts";
import { capacityOf } from "../../../fleet/placement/sizing.ts";
import { changesOf } from "../../../fleet/plan/changes.ts";
import { planNeutrally } from "../../../fleet/plan/plan.ts";
import { planFleet } from "../../../fleet/plan-fleet.ts";
import { EMPTY_REGISTRY, type Registry } from "../../../fleet/registry.ts";
import { CATALOGUE } from "../../../stacks/catalogue.ts";
import { hetznerGroup } from "../../support/fleets.ts";
import {
  carriedOut,
  crampedFleet,
  grownFleet,
  hosts,
  parse,
  place,
  type RawFleet,
  rosterOn,
  tryPlace,
} from "../../support/placements.ts";
import { PROPERTY_RUNS, shareOfRuns } from "../../support/properties.ts";

/** What each host's agents take, added up from the configuration and not from what placement says of itself. */
function takenOf(fleet: Fleet, { slots }: Placement): Map<string, number[]> {
  const taken = new Map<string, number[]>();
  for (const [name, { host }] of slots) {
    const { need } = candidateOf(agentIn(fleet, name));
    taken.set(
      host,
      need.map((amount, dimension) => amount + (taken.get(host)?.[dimension] ?? 0)),
    );
  }
  return taken;
}

function agentIn({ agents }: Fleet, name: string): Agent {
  const agent = agents.find((each) => each.name === name);
  if (agent === undefined) throw new Error(`there is no agent ${name}`);
  return agent;
}

/** What a host has, from the configuration and the catalogue. */
function capacityIn({ settings }: Fleet, placement: Placement, host: string): readonly number[] {
  const own = settings.hosts[host];
  if (own?.kind === "docker")
    return capacityOf({ ...own, maxAgents: own.maxAgents ?? Infinity }, settings.sizing);
  const offer = placement.hosts.find(({ name }) => name === host)?.options.offer;
  const type = CATALOGUE.types[offer?.serverType ?? ""];
  const group = settings.hosts[offer?.group.name ?? ""];
  if (type === undefined || group?.kind !== "hetzner") throw new Error(`${host} is not in the fleet`);
  // A volume grows as far as Hetzner sells it.
  const dataGb = group.volumePerMemory > 0 ? 10_240 : undefined;
  return capacityOf(
    {
      memoryMb: type.memoryGb * 1024,
      cpus: type.cpus,
      diskGb: type.diskGb,
      dataGb,
      maxAgents: group.maxAgents ?? Infinity,
    },
    settings.sizing,
  );
}

const groupOf = (host: string, { settings }: Fleet): string =>
  Object.hasOwn(settings.hosts, host) ? host : host.slice(0, host.lastIndexOf("-"));

const shuffled = <T>(record: Record<string, T>): fc.Arbitrary<Record<string, T>> => {
  const entries = Object.entries(record);
  return fc
    .shuffledSubarray(entries, { minLength: entries.length })
    .map((order) => Object.fromEntries(order));
};

const shuffledMap = <T>(map: ReadonlyMap<string, T>): fc.Arbitrary<ReadonlyMap<string, T>> =>
  fc.shuffledSubarray([...map], { minLength: map.size }).map((order) => new Map(order));

describe("placement, for any fleet and whatever exists of it", () => {
  it("places every agent exactly once, or says why not", () => {
    let placed = 0;
    fc.assert(
      fc.property(grownFleet, ({ fleet: raw, registry }) => {
        const placement = tryPlace(parse(raw), registry);
        if (placement === undefined) return;
        placed++;
        expect([...placement.slots.keys()].toSorted()).toEqual(Object.keys(raw.agents).toSorted());
        const onHosts = placement.hosts.flatMap(({ name, agents }) =>
          agents.map((agent) => [agent.name, name]),
        );
        expect(Object.fromEntries(onHosts)).toEqual(
          Object.fromEntries([...placement.slots].map(([name, { host }]) => [name, host])),
        );
        expect(onHosts.length).toBe(Object.keys(raw.agents).length);
      }),
    );
    // Were nearly all refused, the properties here would say little.
    expect(placed).toBeGreaterThan(PROPERTY_RUNS / 2);
  });

  it("puts on no host more memory, limits, CPUs, disk or agents than it has", () => {
    fc.assert(
      fc.property(fc.oneof(grownFleet, crampedFleet), ({ fleet: raw, registry }) => {
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
    );
  });

  it("keeps to pins, locations, anti-affinity and isolation", () => {
    fc.assert(
      fc.property(fc.oneof(grownFleet, crampedFleet), ({ fleet: raw, registry }) => {
        const fleet = parse(raw);
        const placement = tryPlace(fleet, registry);
        if (placement === undefined) return;
        for (const [name, { host }] of placement.slots) {
          const { host: pin, location, antiAffinity, isolation } = agentIn(fleet, name).settings;
          const others = [...placement.slots]
            .filter(([other, slot]) => other !== name && slot.host === host)
            .map(([other]) => agentIn(fleet, other).settings);
          if (pin !== undefined) expect([host, groupOf(host, fleet)]).toContain(pin);
          if (location !== undefined)
            expect(placement.hosts.find((each) => each.name === host)?.options.location).toBe(location);
          if (antiAffinity !== undefined)
            expect(others.map((other) => other.antiAffinity)).not.toContain(antiAffinity);
          if (isolation === "dedicated") expect(others).toEqual([]);
        }
      }),
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
        distinct(({ host, network }) => `${host}/${network.subnet}`);
        distinct(({ host, network }) => `${host}/${network.agent}`);
        distinct(({ host, loopbackPort }) => `${host}/${loopbackPort}`);
        distinct(({ url }) => url);
        for (const { name, host, slot } of agents) {
          expect(
            [...registry.agents].filter(
              ([other, known]) => other !== name && known.host === host && known.slot === slot,
            ),
          ).toEqual([]);
        }
      }),
    );
  });

  it("does not depend on the order of the entries", () => {
    fc.assert(
      fc.property(
        fc.oneof(grownFleet, crampedFleet).chain(({ fleet, registry }) =>
          fc.record({
            fleet: fc.constant(fleet),
            agents: shuffled(fleet.agents),
            hosts: shuffled(fleet.hosts),
            registry: fc.constant(registry),
            servers: shuffledMap(registry.servers),
            registered: shuffledMap(registry.agents),
          }),
        ),
        ({ fleet, agents, hosts: order, registry, servers, registered }) => {
          const one = tryPlace(parse(fleet), registry);
          const other = tryPlace(parse({ agents, hosts: order }), { servers, agents: registered });
          expect(other?.slots).toEqual(one?.slots);
          expect(other?.growth.additions).toEqual(one?.growth.additions);
        },
      ),
    );
  });

  it("moves no other agent when one is added or removed", () => {
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
          for (const [name, slot] of second?.slots ?? []) {
            if (name !== one) expect({ name, ...slot }).toEqual({ name, ...first?.slots.get(name) });
          }
          expect(second?.moves ?? []).toEqual([]);
        };
        stays({ hosts: all, agents: roster }, { hosts: all, agents: fewer });
        stays({ hosts: all, agents: fewer }, { hosts: all, agents: roster });
      }),
    );
  });

  it("plans nothing more once a plan has been carried out", () => {
    fc.assert(
      fc.property(fc.oneof(grownFleet, crampedFleet), ({ fleet: raw, registry }) => {
        const fleet = parse(raw);
        const first = tryPlace(fleet, registry);
        if (first === undefined) return;
        const after: Registry = carriedOut(first);
        const second = tryPlace(fleet, after);
        expect(second?.slots).toEqual(first.slots);
        const { agents } = planNeutrally(fleet, second ?? first, after, CATALOGUE);
        expect(second && changesOf(second, after, agents)).toEqual([]);
      }),
    );
  });

  it("leaves a drained host empty, and lists every move", () => {
    const drained = grownFleet.chain(({ fleet, registry }) => {
      const occupied = [...new Set([...registry.agents.values()].map(({ host }) => host))];
      return fc.record({
        fleet: fc.constant(fleet),
        registry: fc.constant(registry),
        host: occupied.length === 0 ? fc.constant("none") : fc.constantFrom(...occupied),
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
        const left = [...registry.agents].filter(
          ([name, known]) => known.host === host && Object.hasOwn(raw.agents, name),
        );
        if (left.length > 0) emptied++;
        expect([...placement.slots.values()].filter((slot) => slot.host === host)).toEqual([]);
        expect(placement.moves.filter(({ from }) => from === host).map(({ agent }) => agent)).toEqual(
          left.map(([name]) => name).toSorted(),
        );
      }),
    );
    expect(emptied).toBeGreaterThan(PROPERTY_RUNS / 20);
  });

  it("keeps all of this for hundreds of agents of many kinds, for which servers are chosen by another method", () => {
    const kinds = fc.array(
      fc.record({
        class: fc.constantFrom("light", "standard", "heavy"),
        location: fc.constantFrom("", "", "fsn1", "nbg1"),
        antiAffinity: fc.constantFrom("", "", "", "pair", "crowd"),
        isolation: fc.constantFrom("shared", "shared", "shared", "shared", "dedicated"),
        count: fc.integer({ min: 1, max: 60 }),
      }),
      { minLength: 1, maxLength: 8 },
    );
    fc.assert(
      fc.property(kinds, fc.constantFrom(["cx"], ["cx", "cax", "cpx"], ["ccx"]), (all, families) => {
        const agents = all.flatMap(({ count, antiAffinity, location, ...rest }, kind) =>
          Array.from({ length: count }, (_, index) => [
            `a${kind}-${index}`,
            {
              ...rest,
              ...(location === "" ? {} : { location }),
              // Of pairs there are many, of the crowd there is one, and no two of it may meet.
              ...(antiAffinity === ""
                ? {}
                : { antiAffinity: antiAffinity === "pair" ? `p${kind}-${index >> 1}` : "crowd" }),
            },
          ]),
        );
        const fleet = parse({
          hosts: { eu: hetznerGroup({ families, locations: ["fsn1", "nbg1"] }) },
          agents: Object.fromEntries(agents),
        });
        const placement = place(fleet);
        expect(placement.slots.size).toBe(agents.length);
        for (const [host, taken] of takenOf(fleet, placement)) {
          const capacity = capacityIn(fleet, placement, host);
          for (const [dimension, amount] of taken.entries())
            expect(amount).toBeLessThanOrEqual(capacity[dimension] ?? 0);
        }
        for (const { agents: together, options } of placement.hosts) {
          expect(together.length).toBeGreaterThan(0);
          const words = together.flatMap(({ antiAffinity }) => antiAffinity ?? []);
          expect(new Set(words).size).toBe(words.length);
          if (together.some(({ isDedicated }) => isDedicated)) expect(together.length).toBe(1);
          for (const { location } of together) expect(location ?? options.location).toBe(options.location);
        }
      }),
      shareOfRuns(0.05),
    );
  });

  it("begins with an empty fleet as well", () => {
    expect(tryPlace(parse({ hosts: { eu: hetznerGroup() }, agents: {} }), EMPTY_REGISTRY)?.hosts).toEqual([]);
  });
});
