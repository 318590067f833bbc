/** What Docker daemons have of a stack whose state does not know it: which agents have which slots, and what is whose. */
import type { HostEntry } from "../hosts/host.ts";
import { agentObject, LABELS, LOGICAL } from "../names.ts";
import { slotsIn } from "../placement/slots.ts";
import { type ObjectKind, objectKey, type Slot } from "../registry.ts";
import type {
  HostObservation,
  Inventory,
  NamedObject,
  ObservedContainer,
  ObservedNetwork,
} from "./inventory.ts";
import { slotOf } from "./subnet.ts";
import type { DockerAgentPlan, DockerHostPlan } from "./types.ts";

type Views = ReadonlyMap<string, HostObservation>;

/** An object with the stack's label. */
export interface OwnObject {
  readonly host: string;
  readonly kind: ObjectKind;
  readonly object: NamedObject;
}

const isOf =
  (stack: string) =>
  ({ labels }: NamedObject): boolean =>
    labels[LABELS.stack] === stack;

const objectsIn = ({ containerNames, networks, volumes }: Inventory): [ObjectKind, NamedObject][] => [
  ...containerNames.map((object): [ObjectKind, NamedObject] => ["container", object]),
  ...networks.map((object): [ObjectKind, NamedObject] => ["network", object]),
  ...volumes.map((object): [ObjectKind, NamedObject] => ["volume", object]),
];

export const ownObjects = (observations: Views, stack: string): OwnObject[] =>
  [...observations].flatMap(([host, { inventory }]) =>
    inventory === undefined
      ? []
      : objectsIn(inventory)
          .filter(([, object]) => isOf(stack)(object))
          .map(([kind, object]) => ({ host, kind, object })),
  );

/** An agent's network, and the slot that its subnet is. */
function slotIn(
  { name, labels, subnets }: ObservedNetwork,
  { ranges }: HostEntry,
  stack: string,
): [agent: string, slot: number] | undefined {
  const { [LABELS.agent]: agent } = labels;
  if (agent === undefined || name !== agentObject(stack, agent)) return undefined;
  const [slot] = subnets.flatMap((subnet) => slotOf(ranges.subnets, subnet) ?? []);
  return slot === undefined || slot >= slotsIn(ranges) ? undefined : [agent, slot];
}

/**
 * By agent: the slot that its network has. Of an agent with networks on two hosts, which a move that was killed leaves behind,
 * the one where its container is.
 */
export function observedSlots(
  hosts: ReadonlyMap<string, HostEntry>,
  observations: Views,
  stack: string,
): ReadonlyMap<string, Slot> {
  const found = [...observations].flatMap(([host, { inventory }]) => {
    const entry = [...hosts.values()].find((each) => each.owns(host));
    if (entry === undefined || inventory === undefined) return [];
    const names = new Set(inventory.containers.map(({ name }) => name));
    return inventory.networks.filter(isOf(stack)).flatMap((network) => {
      const [agent, slot] = slotIn(network, entry, stack) ?? [];
      if (agent === undefined || slot === undefined) return [];
      return [{ agent, slot: { host, slot }, hasContainer: names.has(network.name) }];
    });
  });
  // Of the same key, the last one stays.
  const sorted = found.toSorted((a, b) => Number(a.hasContainer) - Number(b.hasContainer));
  return new Map(sorted.map(({ agent, slot }) => [agent, slot]));
}

/** An object that the plan has, as it was found. */
export interface ObservedObject {
  readonly host: string;
  readonly kind: ObjectKind;
  /** Undefined for one of a host's. */
  readonly agent: string | undefined;
  readonly logical: string;
  /** A container that runs once. */
  readonly runsOnce: boolean;
  readonly object: NamedObject;
  readonly container?: ObservedContainer | undefined;
  readonly network?: ObservedNetwork | undefined;
}

type Planned = Pick<ObservedObject, "host" | "kind" | "agent" | "logical" | "runsOnce"> & {
  readonly name: string;
};

function plannedOfAgent({ name: agent, host, object, volume, enabled }: DockerAgentPlan): Planned[] {
  const planned = (kind: ObjectKind, name: string, logical: string): Planned => ({
    host,
    kind,
    agent,
    name,
    logical,
    runsOnce: false,
  });
  return [
    planned("network", object, LOGICAL.network(agent)),
    planned("volume", volume, LOGICAL.data(agent)),
    ...(enabled ? [planned("container", object, LOGICAL.gateway(agent))] : []),
  ];
}

const plannedOfHost = ({ name: host, services }: DockerHostPlan): Planned[] =>
  services.flatMap(({ name: service, objects, sharedVolumes }) => {
    const planned = (kind: ObjectKind, name: string, logical: string, runsOnce = false): Planned => ({
      host,
      kind,
      agent: undefined,
      name,
      logical,
      runsOnce,
    });
    return [
      planned("volume", objects.volume, LOGICAL.service(host, service)),
      ...sharedVolumes.map(({ name, object }) => planned("volume", object, LOGICAL.sharedVolume(host, name))),
      planned("container", objects.container, LOGICAL.service(host, service)),
      planned("container", objects.loader, LOGICAL.loader(host, service), true),
    ];
  });

/** What of the plan exists. */
export function observedObjects(
  { stack, agents, hosts }: Subject,
  observations: Views,
): readonly ObservedObject[] {
  const own = new Map(
    ownObjects(observations, stack).map((each) => [
      `${each.host} ${objectKey(each.kind, each.object.name)}`,
      each.object,
    ]),
  );
  const planned = [...hosts.flatMap(plannedOfHost), ...agents.flatMap(plannedOfAgent)];
  return planned.flatMap(({ name, ...rest }) => {
    const object = own.get(`${rest.host} ${objectKey(rest.kind, name)}`);
    if (object === undefined || object.labels[LABELS.agent] !== rest.agent) return [];
    const inventory = observations.get(rest.host)?.inventory;
    const { id } = object;
    return [
      {
        ...rest,
        object,
        container: inventory?.containers.find((each) => each.id === id),
        network: inventory?.networks.find((each) => each.id === id),
      },
    ];
  });
}

interface Subject {
  readonly stack: string;
  readonly agents: readonly DockerAgentPlan[];
  readonly hosts: readonly DockerHostPlan[];
}
