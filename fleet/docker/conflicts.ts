/** Conflicts between what an update will create and what a host already has: a preflight check, before anything is changed. */
import type { Problem } from "../config/problem.ts";
import { overlaps, parseCidr } from "../ipv4.ts";
import { LABELS, LOGICAL } from "../names.ts";
import { type KnownObjects, type ObjectKind, objectKey, type Registry } from "../registry.ts";
import { plural } from "../text.ts";
import { capabilityConflicts } from "./capabilities.ts";
import { describeOtherDaemon, isOtherDaemon } from "./daemon.ts";
import type { HostObservation, Inventory, NamedObject } from "./inventory.ts";
import { portConflicts } from "./listeners.ts";
import type { DockerAgentPlan, DockerHostPlan } from "./types.ts";

/** A container or a network that the plan has on a host. */
interface Planned {
  readonly kind: Exclude<ObjectKind, "volume">;
  readonly name: string;
  /** Its id, where the state says that it exists on this host already. */
  readonly knownId: string | undefined;
}

interface Subject {
  readonly stack: string;
  readonly agents: readonly DockerAgentPlan[];
  readonly hosts: readonly DockerHostPlan[];
}

interface State {
  /** By host: the id of its Docker daemon. */
  readonly daemons: ReadonlyMap<string, string>;
  readonly objects: KnownObjects;
  readonly registry: Registry;
}

function plannedAgent(
  { name, host, object, enabled }: DockerAgentPlan,
  { objects, registry }: State,
): Planned[] {
  const stays = registry.agents.get(name)?.host === host;
  const planned = (kind: Planned["kind"], logical: string): Planned => ({
    kind,
    name: object,
    knownId: stays ? objects.ofAgents.get(objectKey(kind, logical))?.id : undefined,
  });
  return [
    planned("network", LOGICAL.network(name)),
    ...(enabled ? [planned("container", LOGICAL.gateway(name))] : []),
  ];
}

const plannedServices = ({ name: host, services }: DockerHostPlan, { objects }: State): Planned[] =>
  services.flatMap(({ name, objects: names }) => {
    const planned = (object: string, logical: string): Planned => ({
      kind: "container",
      name: object,
      knownId: objects.ofHosts.get(objectKey("container", logical))?.id,
    });
    return [
      planned(names.container, LOGICAL.service(host, name)),
      planned(names.loader, LOGICAL.loader(host, name)),
    ];
  });

/** The object that has the name of a planned one and is not the one that the state knows. */
function conflicting({ kind, name, knownId }: Planned, inventory: Inventory): NamedObject | undefined {
  const existing = kind === "container" ? inventory.containerNames : inventory.networks;
  // One whose creation failed before its id was known is deleted and created again.
  return knownId === "" ? undefined : existing.find((each) => each.name === name && each.id !== knownId);
}

function nameConflicts(
  path: string,
  host: string,
  planned: readonly Planned[],
  inventory: Inventory,
  stack: string,
): Problem[] {
  const taken = planned.flatMap((object) => {
    const found = conflicting(object, inventory);
    return found === undefined ? [] : [{ ...object, isOurs: found.labels[LABELS.stack] === stack }];
  });
  const [lost, foreign] = [taken.filter(({ isOurs }) => isOurs), taken.filter(({ isOurs }) => !isOurs)];
  return [
    ...(lost.length === 0
      ? []
      : [
          {
            path,
            message: `host ${host} has ${plural(lost.length, "object")} of stack ${stack} that its state does not know: ${lost.map(({ kind, name }) => `${kind} ${name}`).join(", ")}`,
            remedy: `\`npm run adopt -- --stack ${stack}\` takes them over. If they are left over, remove them: ${removalOf(lost)}`,
          },
        ]),
    ...foreign.map(({ kind, name }) => ({
      path,
      value: name,
      message: `another ${kind} on host ${host} has this name, and it is not of stack ${stack}`,
      remedy: `rename it, or remove it: ${removalOf([{ kind, name }])}`,
    })),
  ];
}

/** The commands that remove these objects, on their host. */
export function removalOf(objects: readonly Pick<Planned, "kind" | "name">[]): string {
  const names = (kind: Planned["kind"]): string[] =>
    objects.filter((object) => object.kind === kind).map(({ name }) => name);
  const [containers, networks] = [names("container"), names("network")];
  return [
    ...(containers.length === 0 ? [] : [`docker rm --force ${containers.join(" ")}`]),
    ...(networks.length === 0 ? [] : [`docker network rm ${networks.join(" ")}`]),
  ].join(" && ");
}

/** Subnets of networks that are not this fleet's. */
function subnetConflicts(
  path: string,
  agents: readonly DockerAgentPlan[],
  { networks }: Inventory,
  stack: string,
): Problem[] {
  const foreign = networks.filter(({ labels }) => labels[LABELS.stack] !== stack);
  return agents.flatMap(({ name, network: { subnet } }) =>
    foreign
      .filter(({ subnets }) =>
        subnets.some((other) => isIpv4Cidr(other) && overlaps(parseCidr(other), parseCidr(subnet))),
      )
      .map((other) => ({
        path: `${path}.subnets`,
        value: subnet,
        message: `this subnet of ${name} overlaps the Docker network ${other.name} (${other.subnets.join(", ")})`,
        remedy: `remove that network (docker network rm ${other.name}), or choose another range`,
      })),
  );
}

const isIpv4Cidr = (text: string): boolean => /^\d+\.\d+\.\d+\.\d+\/\d+$/.test(text);

function cpuConflicts(
  agents: readonly DockerAgentPlan[],
  path: string,
  host: string,
  { cpus }: Inventory,
): Problem[] {
  return agents
    .filter(({ limits }) => limits.cpus > cpus)
    .map(({ name, class: size, limits }) => ({
      path: `agents.${name}.class`,
      value: size,
      message: `it has ${plural(limits.cpus, "CPU")}, and host ${host} has ${cpus}`,
      remedy: `set ${path}.cpus to ${cpus}, which limits every agent there to what exists, or choose a smaller class`,
    }));
}

/** @param observations by host; of one that did not answer, nothing is known */
export function findConflicts(
  { stack, agents, hosts }: Subject,
  state: State,
  observations: ReadonlyMap<string, HostObservation>,
): Problem[] {
  return hosts.flatMap((host) => {
    const inventory = observations.get(host.name)?.inventory;
    if (inventory === undefined) return [];
    const path = `hosts.${host.entry}`;
    const placed = agents.filter((agent) => agent.host === host.name);
    // Nothing else that is found there is of any interest.
    if (isOtherDaemon(host, inventory, state.daemons))
      return [describeOtherDaemon(host, inventory, state.daemons)];
    const planned = [
      ...plannedServices(host, state),
      ...placed.flatMap((agent) => plannedAgent(agent, state)),
    ];
    // A network that exists has its subnet already.
    const added = placed.filter((agent) => plannedAgent(agent, state)[0]?.knownId === undefined);
    return [
      ...capabilityConflicts(host, inventory),
      ...portConflicts(
        host,
        inventory.held,
        inventory.containerNames,
        new Set(inventory.containers.map(({ id }) => id)),
      ),
      ...nameConflicts(path, host.name, planned, inventory, stack),
      ...subnetConflicts(path, added, inventory, stack),
      ...cpuConflicts(
        placed.filter(({ enabled }) => enabled),
        path,
        host.name,
        inventory,
      ),
    ];
  });
}
