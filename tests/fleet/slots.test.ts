import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FleetError } from "../../fleet/problem.ts";
import { assignSlots, type Registry } from "../../fleet/slots.ts";
import { fleet } from "../support/fleets.ts";

const two = {
  one: { kind: "docker", address: "tcp://one:1", ports: [20_000, 20_019] },
  two: { kind: "docker", address: "tcp://two:1", ports: [20_000, 20_019] },
};

const roster = (names: readonly string[]): Record<string, object> =>
  Object.fromEntries(names.map((name) => [name, {}]));

const names = fc.uniqueArray(fc.stringMatching(/^[a-z][a-z0-9]{0,5}$/), { minLength: 0, maxLength: 18 });

describe("assignSlots", () => {
  it("numbers a new fleet by name", () => {
    expect(assignSlots(fleet(), {})).toEqual({
      alice: { host: "one", slot: 0 },
      bob: { host: "one", slot: 1 },
    });
  });

  it("gives a newcomer the free slot and moves nobody, wherever its name sorts", () => {
    const registry = { bob: { host: "one", slot: 0 }, carol: { host: "one", slot: 1 } };
    const grown = fleet({ agents: roster(["alice", "bob", "carol"]) });
    expect(assignSlots(grown, registry)).toEqual({ ...registry, alice: { host: "one", slot: 2 } });
  });

  it("does not hand out a slot in the update that frees it", () => {
    const registry = { alice: { host: "one", slot: 0 }, bob: { host: "one", slot: 1 } };
    const swapped = fleet({ agents: roster(["bob", "carol"]) });
    expect(assignSlots(swapped, registry)).toEqual({
      bob: { host: "one", slot: 1 },
      carol: { host: "one", slot: 2 },
    });
  });

  it("spreads newcomers over the hosts by what they reserve", () => {
    const slots = assignSlots(fleet({ hosts: two, agents: roster(["a", "b", "c", "d"]) }), {});
    expect(Object.values(slots).map(({ host }) => host)).toEqual(["one", "two", "one", "two"]);
  });

  it("moves an agent that is pinned elsewhere or whose host is gone", () => {
    const registry = { a: { host: "one", slot: 3 }, b: { host: "gone", slot: 0 } };
    const slots = assignSlots(fleet({ hosts: two, agents: { a: { host: "two" }, b: {} } }), registry);
    expect(slots["a"]).toEqual({ host: "two", slot: 0 });
    expect(slots["b"]?.host).toBe("one");
  });

  it("refuses agents for which the slots do not suffice, those being freed not counted", () => {
    const small = { one: { kind: "docker", ports: [20_000, 20_001] } };
    const registry = { gone: { host: "one", slot: 0 }, bob: { host: "one", slot: 1 } };
    const assign = (): unknown =>
      assignSlots(fleet({ hosts: small, agents: roster(["bob", "new"]) }), registry);
    expect(assign).toThrow(FleetError);
    expect(assign).toThrow(/agents\.new/);
  });

  it("keeps everybody's place through any series of changes, and gives no place twice", () => {
    fc.assert(
      fc.property(fc.array(names, { minLength: 1, maxLength: 6 }), (rosters) => {
        let registry: Registry = {};
        for (const each of rosters) {
          const slots = assignSlots(fleet({ hosts: two, agents: roster(each) }), registry);
          const places = Object.values(slots).map(({ host, slot }) => `${host}/${slot}`);
          expect(new Set(places).size).toBe(each.length);
          for (const [name, slot] of Object.entries(slots)) expect(registry[name] ?? slot).toEqual(slot);
          const held = Object.entries(registry).filter(([name]) => !each.includes(name));
          for (const [, { host, slot }] of held) expect(places).not.toContain(`${host}/${slot}`);
          registry = slots;
        }
      }),
      { numRuns: 1000 },
    );
  });

  it("does not depend on the order of the entries", () => {
    fc.assert(
      fc.property(
        names.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
        ([all, shuffled]) => {
          const assign = (order: readonly string[]): unknown =>
            assignSlots(fleet({ hosts: two, agents: roster(order) }), {});
          expect(assign(shuffled)).toEqual(assign(all));
        },
      ),
      { numRuns: 500 },
    );
  });
});
