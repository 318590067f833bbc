/** What was seen on hosts, as the resources that the state would have of it. */
import type { KnownResource } from "pulumi-embedded-engine";
import { createUrn, type Urn } from "pulumi-embedded-engine/urn";
import type { Properties, Value } from "pulumi-embedded-engine/values";
import type { ObservedObject } from "../../fleet/docker/adoption.ts";
import { LOGICAL } from "../../fleet/names.ts";
import type { ObjectKind, Slot } from "../../fleet/registry.ts";

interface Name {
  readonly stack: string;
  readonly project: string;
}

const TYPES: Readonly<Record<ObjectKind, string>> = {
  container: "docker:index/container:Container",
  network: "docker:index/network:Network",
  volume: "docker:index/volume:Volume",
};

const MIB = 1024 ** 2;

const agentUrn = ({ stack, project }: Name, agent: string): Urn =>
  createUrn(stack, project, "agent-fleet:index:IsolatedAgent", agent);

const hostUrn = ({ stack, project }: Name, host: string): Urn =>
  createUrn(stack, project, "agent-fleet:index:AgentHost", host);

/** Only what the program reads of the state. */
function outputsOf({ object, container, network, runsOnce }: ObservedObject): Properties {
  const labels: Value = Object.entries(object.labels).map(([label, value]) => ({ label, value }));
  const common = { id: object.id, name: object.name, labels };
  if (network !== undefined) {
    return {
      ...common,
      internal: network.internal ?? false,
      ipamConfigs: [{ auxAddress: { ...network.auxAddresses } }],
    };
  }
  if (container === undefined) return common;
  const { limits, restartPolicy, exitCode } = container;
  return {
    ...common,
    attach: runsOnce,
    exitCode,
    memory: (limits.memory ?? 0) / MIB,
    memorySwap: (limits.memorySwap ?? 0) / MIB,
    memoryReservation: (limits.memoryReservation ?? 0) / MIB,
    cpus: String((limits.nanoCpus ?? 0) / 1e9),
    restart: restartPolicy,
  };
}

export const objectResources = (name: Name, objects: readonly ObservedObject[]): KnownResource[] =>
  objects.map((seen) => {
    const { kind, host, agent, logical } = seen;
    const parent = agent === undefined ? hostUrn(name, host) : agentUrn(name, agent);
    const type = TYPES[kind];
    return {
      urn: createUrn(name.stack, name.project, type, logical, parent),
      type,
      outputs: outputsOf(seen),
    };
  });

/** Those of the state whose object is not there any more, while another of the same name is. */
export function replacedResources(
  known: readonly KnownResource[],
  seen: readonly KnownResource[],
  existing: ReadonlySet<string>,
): ReadonlySet<Urn> {
  const ids = new Map(known.map(({ urn, outputs }) => [urn, outputs?.["id"]]));
  const isReplaced = ({ urn, outputs }: KnownResource): boolean => {
    const id = ids.get(urn);
    return typeof id === "string" && id !== outputs?.["id"] && !existing.has(id);
  };
  return new Set(seen.filter(isReplaced).map(({ urn }) => urn));
}

export const slotResources = (name: Name, slots: ReadonlyMap<string, Slot>): KnownResource[] =>
  [...slots].map(([agent, { host, slot }]) => ({
    urn: createUrn(
      name.stack,
      name.project,
      "pulumi:index:Stash",
      LOGICAL.slot(agent),
      agentUrn(name, agent),
    ),
    type: "pulumi:index:Stash",
    outputs: { output: { host, slot } },
  }));
