/**
 * Drift: what differs between the Docker objects that the state says exist and those that a daemon has.
 *
 * Pulumi compares a program with its state, not with what actually exists, and a refresh deletes every network from the
 * state whose daemon does not answer. So the program observes the hosts itself and changes a label of each object that is
 * missing or was changed, which replaces the object like any other change: in a preview and in an update, by either engine.
 */
import { LOGICAL } from "../names.ts";
import {
  type KnownContainer,
  type KnownObject,
  type KnownObjects,
  type ObjectKind,
  objectKey,
  type Registry,
} from "../registry.ts";
import { isOtherDaemon } from "./daemon.ts";
import type { HostObservation, Inventory, ObservedContainer } from "./inventory.ts";
import type { DockerAgentPlan, DockerHostPlan } from "./types.ts";

export interface Drift {
  /** Undefined for an object of the host's own. */
  readonly agent: string | undefined;
  /** `bob's container`, or `local's egress proxy container`. */
  readonly subject: string;
  readonly host: string;
  readonly kind: ObjectKind;
  /** What is wrong with it, as a predicate: `is gone`. */
  readonly problem: string;
}

/** By `objectKey`: how often an object has been made again, this update included. Absent where it never was. */
export type Repairs = ReadonlyMap<string, number>;

/** An object of the plan: where it is expected, and its name in messages. */
interface Expected {
  readonly key: string;
  readonly agent: string | undefined;
  readonly subject: string;
  readonly host: string;
  readonly kind: ObjectKind;
  readonly pids?: number;
  /** The service's container, of a loader. */
  readonly loads?: string;
}

const MIB = 1024 ** 2;

const inMib = (bytes: number): string => (bytes > 0 ? `${Math.round(bytes / MIB)} MiB` : "none");
const inCpus = (nano: number): string => (nano > 0 ? String(nano / 1e9) : "none");
const inNumber = (count: number): string => (count > 0 ? String(count) : "none");

function changedLimit(
  { limits }: KnownContainer,
  { limits: seen }: ObservedContainer,
  pids: number | undefined,
): string | undefined {
  type Show = (amount: number) => string;
  const compared: readonly (readonly [string, number | undefined, number | undefined, Show])[] = [
    ["memory limit", limits.memory, seen.memory, inMib],
    ["limit of memory and swap", limits.memorySwap, seen.memorySwap, inMib],
    ["memory reservation", limits.memoryReservation, seen.memoryReservation, inMib],
    ["CPU limit", limits.nanoCpus, seen.nanoCpus, inCpus],
    ["process limit", pids, seen.pids, inNumber],
  ];
  // A limit that the daemon drops would be dropped again: replacing the container for it would never end.
  const [changed] = compared.flatMap(([what, known, now, show]) =>
    known === undefined || now === undefined || known === now
      ? []
      : [`has another ${what}: ${show(now)} instead of ${show(known)}`],
  );
  return changed;
}

/** As many failed checks and restarts are no longer a bad moment of a container that recovers by itself: about a minute. */
const FAILED_CHECKS = 12;
const RESTARTS = 3;

const STATUS: Readonly<Record<ObservedContainer["status"], (seen: ObservedContainer) => string | undefined>> =
  {
    created: () => "was never started",
    running: ({ health, failedChecks }) =>
      health === "unhealthy" && failedChecks >= FAILED_CHECKS
        ? `is unhealthy (${failedChecks} health checks in a row failed)`
        : undefined,
    paused: () => "is paused",
    restarting: ({ exitCode, restarts }) =>
      restarts >= RESTARTS ? `keeps exiting, with code ${exitCode}` : undefined,
    removing: () => "is gone",
    exited: ({ exitCode }) => `has exited with code ${exitCode}`,
    dead: () => "is dead",
  };

function changedNetworks({ networks }: KnownContainer, seen: ObservedContainer): string | undefined {
  if (networks === undefined) return undefined;
  if (networks.some((id) => !seen.networks.includes(id))) return "is not attached to its network";
  return seen.networks.length > networks.length ? "is attached to a network that is not its own" : undefined;
}

function containerProblem(
  { id, name, container: known }: KnownObject,
  { containers }: Inventory,
  pids: number | undefined,
): string | undefined {
  const seen = containers.find((each) => each.id === id);
  if (seen === undefined || known === undefined) return "is gone";
  if (seen.name !== name) return `was renamed to ${seen.name}`;
  if (known.exitCode !== undefined) {
    return known.exitCode === 0 ? undefined : "failed the last time";
  }
  return (
    STATUS[seen.status](seen) ??
    changedNetworks(known, seen) ??
    changedLimit(known, seen, pids) ??
    (seen.restartPolicy === known.restartPolicy
      ? undefined
      : `has another restart policy: ${seen.restartPolicy} instead of ${known.restartPolicy}`)
  );
}

function problemOf(known: KnownObject, inventory: Inventory, { pids, loads }: Expected): string | undefined {
  if (known.id === "") return undefined;
  if (known.kind === "container") {
    const isLost = loads !== undefined && inventory.misconfigured.includes(loads);
    return (
      containerProblem(known, inventory, pids) ??
      (isLost ? "handed over a configuration that the service no longer has" : undefined)
    );
  }
  const seen = known.kind === "network" ? inventory.networks : inventory.volumes;
  return seen.some(({ id }) => id === known.id) ? undefined : "is gone";
}

const ofAgent = ({ name, host, limits }: DockerAgentPlan): Expected[] => {
  const expected = (kind: ObjectKind, logical: string): Expected => ({
    key: objectKey(kind, logical),
    agent: name,
    subject: `${name}'s ${kind}`,
    host,
    kind,
  });
  return [
    expected("network", LOGICAL.network(name)),
    expected("volume", LOGICAL.data(name)),
    { ...expected("container", LOGICAL.gateway(name)), pids: limits.pids },
  ];
};

const ofHost = ({ name: host, services }: DockerHostPlan): Expected[] =>
  services.flatMap(({ name, title, sharedVolumes, objects }) => {
    const expected = (kind: ObjectKind, logical: string, what: string = kind): Expected => ({
      key: objectKey(kind, logical),
      agent: undefined,
      subject: `${host}'s ${title} ${what}`,
      host,
      kind,
    });
    return [
      expected("volume", LOGICAL.service(host, name)),
      ...sharedVolumes.map((volume) => expected("volume", LOGICAL.sharedVolume(host, volume.name))),
      expected("container", LOGICAL.service(host, name)),
      {
        ...expected("container", LOGICAL.loader(host, name), "configuration loader"),
        loads: objects.container,
      },
    ];
  });

function driftOf(
  expected: readonly Expected[],
  known: ReadonlyMap<string, KnownObject>,
  observations: ReadonlyMap<string, HostObservation>,
): Map<string, Drift> {
  return new Map(
    expected.flatMap((each): [string, Drift][] => {
      const { key, agent, subject, host, kind } = each;
      const object = known.get(key);
      const inventory = observations.get(host)?.inventory;
      // A host that did not answer has no known drift.
      if (object === undefined || inventory === undefined) return [];
      const problem = problemOf(object, inventory, each);
      return problem === undefined ? [] : [[key, { agent, subject, host, kind, problem }]];
    }),
  );
}

const repairsOf = (known: ReadonlyMap<string, KnownObject>, drift: ReadonlyMap<string, Drift>): Repairs =>
  new Map(
    [...known]
      .map(([key, { repairs }]): [string, number] => [key, repairs + (drift.has(key) ? 1 : 0)])
      .filter(([, repairs]) => repairs > 0),
  );

export interface DriftReport {
  readonly drift: readonly Drift[];
  readonly repairs: { readonly ofAgents: Repairs; readonly ofHosts: Repairs };
}

/** What the state says. */
interface Existing {
  readonly objects: KnownObjects;
  readonly registry: Registry;
  /** By host: the id of its Docker daemon. */
  readonly daemons: ReadonlyMap<string, string>;
}

/** @param observed by host; one that is absent was not asked */
export function findDrift(
  {
    agents,
    hosts,
  }: { readonly agents: readonly DockerAgentPlan[]; readonly hosts: readonly DockerHostPlan[] },
  { objects, registry, daemons }: Existing,
  observed: ReadonlyMap<string, HostObservation>,
): DriftReport {
  // Another daemon says nothing about what the state has.
  const others = hosts.filter((host) => {
    const inventory = observed.get(host.name)?.inventory;
    return inventory !== undefined && isOtherDaemon(host, inventory, daemons);
  });
  const elsewhere = new Set(others.map(({ name }) => name));
  const observations = new Map([...observed].filter(([host]) => !elsewhere.has(host)));
  // What an agent leaves behind on another host is deleted anyway.
  const staying = agents.filter(({ name, host }) => registry.agents.get(name)?.host === host);
  const agentDrift = driftOf(staying.flatMap(ofAgent), objects.ofAgents, observations);
  const hostDrift = driftOf(hosts.flatMap(ofHost), objects.ofHosts, observations);
  return {
    drift: [...hostDrift.values(), ...agentDrift.values()],
    repairs: {
      ofAgents: repairsOf(objects.ofAgents, agentDrift),
      ofHosts: repairsOf(objects.ofHosts, hostDrift),
    },
  };
}

/** `bob's container is gone: it will be created again.` */
export function describeDrift({ subject, kind, problem }: Drift): string {
  const isGone = problem === "is gone";
  if (kind === "volume") return `${subject} ${problem}, with its data: an empty one will be created.`;
  return `${subject} ${problem}: it will be ${isGone ? "created again" : "replaced"}.`;
}
