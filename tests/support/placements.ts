/** Random fleets and what exists of them, for tests of which agent is placed where. */
import fc from "fast-check";
import type { Fleet } from "../../fleet/config/fleet.ts";
import { FleetError } from "../../fleet/config/problem.ts";
import type { Offer } from "../../fleet/placement/offer.ts";
import { type Placement, placeFleet } from "../../fleet/placement/place.ts";
import type { Candidate } from "../../fleet/placement/placement-host.ts";
import { capacityOf } from "../../fleet/placement/sizing.ts";
import { EMPTY_REGISTRY, type RegisteredServer, type Registry } from "../../fleet/registry.ts";
import { CATALOGUE } from "../../stacks/catalogue.ts";
import { LOGIN } from "./fleets.ts";
import { parseFleet } from "./parse-fleet.ts";

export const place = (fleet: Fleet, registry: Registry = EMPTY_REGISTRY): Placement =>
  placeFleet(fleet, registry, CATALOGUE);

/** Undefined where the fleet does not fit. */
export function tryPlace(fleet: Fleet, registry: Registry = EMPTY_REGISTRY): Placement | undefined {
  try {
    return place(fleet, registry);
  } catch (error) {
    if (error instanceof FleetError && error.problems.length > 0) return undefined;
    throw error;
  }
}

/** What the state says once the plan has been carried out. */
export const carriedOut = ({ hosts, slots }: Placement): Registry => ({
  servers: new Map(
    hosts.flatMap(({ name, options: { offer } }): [string, RegisteredServer][] =>
      offer === undefined
        ? []
        : [
            [
              name,
              {
                serverType: offer.serverType,
                location: offer.location,
                ...(offer.volume === undefined ? {} : { volumeGb: offer.volume.sizeGb }),
              },
            ],
          ],
    ),
  ),
  agents: slots,
});

/** What every group of the fleet could order. */
export const offersFor = (fleet: Fleet): Offer[] =>
  [...fleet.hosts.values()].flatMap((entry) => [
    ...entry.offers({ registry: EMPTY_REGISTRY, catalogue: CATALOGUE, sizing: fleet.settings.sizing }),
  ]);

/** An agent that takes little of everything. */
export const candidate = (name: string, changes: Partial<Candidate> = {}): Candidate => ({
  name,
  class: "light",
  need: [600, 1024, 1, 2, 1],
  isDedicated: false,
  ...changes,
});

/** A server of 4 GiB in group `eu`; the defaults of `sizing` apply. */
export function offer(changes: Partial<Offer> & { readonly memoryMb?: number } = {}): Offer {
  const { memoryMb = 4096, ...rest } = changes;
  const machine = rest.machine ?? { memoryMb, cpus: 4, diskGb: 40, maxAgents: 100 };
  const monthly = rest.monthly ?? 4;
  return {
    group: {
      name: "eu",
      ranges: { subnets: "10.96.0.0/16", ports: ["18800-18899"] },
      growth: ["add", "resize"],
    },
    serverType: `cx${memoryMb / 1024}`,
    location: "fsn1",
    architecture: "x86",
    machine,
    capacity: capacityOf(machine, {
      memoryOvercommit: 1.5,
      cpuOvercommit: 6.25,
      busyShare: 0.25,
      reserveShare: 0.25,
      reserveMb: 1024,
      reserveDiskGb: 10,
    }),
    monthly,
    costs: { server: monthly, volume: 0, address: 0 },
    trafficTb: 20,
    ...rest,
  };
}

export type RawAgent = Record<string, unknown>;

export interface RawFleet {
  readonly hosts: Record<string, object>;
  readonly agents: Record<string, RawAgent>;
}

export type RawClasses = Record<"light" | "standard" | "heavy", object>;

export const CLASSES: RawClasses = {
  light: { memoryMb: 1024, cpus: 1 },
  standard: { memoryMb: 2048, cpus: 2 },
  heavy: { memoryMb: 4096, reservationMb: 1100, cpus: 4, diskGb: 5 },
};

export const parse = ({ hosts, agents }: RawFleet, classes = CLASSES): Fleet =>
  parseFleet({
    domain: "agents.example.com",
    hosts,
    agents,
    classes,
    footprint: { minimumMb: 700, idleMb: 600, turnMb: 600 },
  });

const ownHost = (name: string): fc.Arbitrary<object> =>
  fc.record(
    {
      kind: fc.constant("docker"),
      address: fc.constant(`tcp://${name}:1`),
      memoryMb: fc.integer({ min: 2, max: 16 }).map((gb) => gb * 1024),
      cpus: fc.integer({ min: 1, max: 4 }),
      diskGb: fc.integer({ min: 12, max: 60 }),
      maxAgents: fc.integer({ min: 1, max: 6 }),
      ports: fc.constantFrom(["20000-20002"], ["20000-20009"]),
      drain: fc.constantFrom(false, false, false, true),
    },
    { requiredKeys: ["kind", "address", "ports"] },
  );

const group = fc.record(
  {
    kind: fc.constant("hetzner"),
    publicKeys: fc.constant(LOGIN.publicKeys),
    sshFrom: fc.constant(LOGIN.sshFrom),
    families: fc.constantFrom(["cx"], ["cax"], ["cpx", "cx"], ["ccx"]),
    locations: fc.constantFrom(["fsn1"], ["fsn1", "nbg1"], ["hel1", "fsn1"]),
    growth: fc.constantFrom(["add"], ["resize"], ["add", "resize"]),
    maxAgents: fc.integer({ min: 1, max: 6 }),
    volumePerMemory: fc.constantFrom(0, 2.5),
    drain: fc.constantFrom([], [], ["eu-1"]),
  },
  { requiredKeys: ["kind", "publicKeys", "sshFrom", "families", "locations"] },
);

export const hosts: fc.Arbitrary<Record<string, object>> = fc
  .record({ own: ownHost("own"), eu: group, old: ownHost("old") }, { requiredKeys: [] })
  .filter((all) => Object.keys(all).length > 0);

const names = Array.from({ length: 14 }, (_, index) => `a${index}`);

export const rosterOn = (all: Record<string, object>): fc.Arbitrary<Record<string, RawAgent>> => {
  const locations = "eu" in all ? (all["eu"] as { locations: string[] }).locations : [];
  const rarely = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
    fc.oneof({ weight: 5, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value });
  const agent = fc
    .record({
      class: fc.constantFrom("light", "light", "standard", "heavy"),
      host: rarely(fc.constantFrom(...Object.keys(all))),
      location: rarely(fc.constantFrom(undefined, ...locations)),
      antiAffinity: rarely(fc.constantFrom("x", "y")),
      isolation: rarely(fc.constantFrom("dedicated")),
    })
    .map((entry) => Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== undefined)));
  return fc
    .subarray(names, { maxLength: 9 })
    .chain((chosen) => fc.tuple(...chosen.map((name) => agent.map((entry) => [name, entry] as const))))
    .map((entries) => Object.fromEntries(entries));
};

/** A fleet, and a registry that an earlier roster on the same hosts has left. */
export const grownFleet: fc.Arbitrary<{ fleet: RawFleet; registry: Registry }> = hosts.chain((all) =>
  fc.tuple(rosterOn(all), rosterOn(all)).map(([before, after]) => {
    const earlier = tryPlace(parse({ hosts: withoutDrain(all), agents: before }));
    return {
      fleet: { hosts: all, agents: after },
      registry: earlier === undefined ? EMPTY_REGISTRY : carriedOut(earlier),
    };
  }),
);

const withoutDrain = (all: Record<string, object>): Record<string, object> =>
  Object.fromEntries(
    Object.entries(all).map(([name, host]) => [
      name,
      { ...host, drain: (host as { kind: string }).kind === "docker" ? false : [] },
    ]),
  );

const sometimes = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: 2, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value });

const withoutUndefined = <T extends object>(entry: T): RawAgent =>
  Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== undefined));

function crampedHost(name: string): fc.Arbitrary<object> {
  return fc.record(
    {
      kind: fc.constant("docker"),
      address: fc.constant(`tcp://${name}:1`),
      memoryMb: fc.integer({ min: 2, max: 6 }).map((gb) => gb * 1024),
      cpus: fc.integer({ min: 1, max: 2 }),
      diskGb: fc.integer({ min: 12, max: 24 }),
      maxAgents: fc.integer({ min: 1, max: 3 }),
      ports: fc.constantFrom(["20000-20001"], ["20000-20003"]),
      drain: fc.constantFrom(false, false, false, true),
    },
    { requiredKeys: ["kind", "address", "ports"] },
  );
}

const crampedGroup = (name: string): fc.Arbitrary<object> =>
  fc.record(
    {
      kind: fc.constant("hetzner"),
      publicKeys: fc.constant(LOGIN.publicKeys),
      sshFrom: fc.constant(LOGIN.sshFrom),
      families: fc.constantFrom(["cx"], ["cax"], ["cpx", "cx"]),
      locations: fc.constantFrom(["fsn1"], ["fsn1", "nbg1"], ["hel1", "fsn1"]),
      growth: fc.constantFrom(["add"], ["resize"], ["resize"], ["add", "resize"]),
      maxAgents: fc.integer({ min: 1, max: 4 }),
      volumePerMemory: fc.constantFrom(0, 0.5, 2.5),
      drain: fc.constantFrom([], [], [], [`${name}-1`]),
    },
    { requiredKeys: ["kind", "publicKeys", "sshFrom", "families", "locations", "growth"] },
  );

/** Hosts with little room, of every kind. */
const crampedHosts: fc.Arbitrary<Record<string, object>> = fc
  .record(
    {
      attic: crampedHost("attic"),
      cellar: crampedHost("cellar"),
      office: crampedHost("office"),
      eu: crampedGroup("eu"),
      us: crampedGroup("us"),
    },
    { requiredKeys: [] },
  )
  .filter((all) => Object.keys(all).length > 0);

const crampedRoster = (all: Record<string, object>): fc.Arbitrary<Record<string, RawAgent>> => {
  const pins = Object.entries(all).flatMap(([name, host]) =>
    (host as { kind: string }).kind === "hetzner" ? [name, `${name}-1`] : [name],
  );
  const locations = Object.values(all).flatMap((host) => (host as { locations?: string[] }).locations ?? []);
  const agent = fc
    .record({
      class: fc.constantFrom("light", "light", "standard", "heavy"),
      host: sometimes(fc.constantFrom(...pins)),
      location: sometimes(fc.constantFrom(undefined, ...locations)),
      antiAffinity: sometimes(fc.constantFrom("x", "y", "z")),
      isolation: fc.constantFrom(undefined, undefined, undefined, "dedicated"),
    })
    .map(withoutUndefined);
  return fc
    .subarray(names.slice(0, 8), { minLength: 1 })
    .chain((chosen) => fc.tuple(...chosen.map((name) => agent.map((entry) => [name, entry] as const))))
    .map((entries) => Object.fromEntries(entries));
};

/** Agents that are together wherever there is room. */
const plainRoster: fc.Arbitrary<Record<string, RawAgent>> = fc
  .subarray(names.slice(0, 8), { minLength: 1 })
  .map((chosen) => Object.fromEntries(chosen.map((name) => [name, { class: "light" }])));

/** Constraints of every kind mixed on hosts with little room, some of whose agents are there already. */
export const crampedFleet: fc.Arbitrary<{ fleet: RawFleet; registry: Registry }> = crampedHosts.chain((all) =>
  fc
    .tuple(fc.oneof(fc.constant({}), plainRoster, crampedRoster(all)), crampedRoster(all))
    .map(([before, after]) => {
      const earlier = tryPlace(parse({ hosts: withoutDrain(all), agents: before }));
      return {
        fleet: { hosts: all, agents: after },
        registry: earlier === undefined ? EMPTY_REGISTRY : carriedOut(earlier),
      };
    }),
);
