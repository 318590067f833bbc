/** Asks Docker daemons what they have of a stack. Nothing is changed. */
import { connect, ping } from "docker-connection";
import type Docker from "dockerode";
import type { ContainerInfo, ContainerInspectInfo, NetworkInspectInfo } from "dockerode";
import { type DaemonCapabilities, remedyFor, unenforcedBy } from "../fleet/docker/capabilities.ts";
import type {
  HostObservation,
  Inventory,
  NamedObject,
  ObservedContainer,
  ObservedLimits,
  ObservedNetwork,
} from "../fleet/docker/inventory.ts";
import type { DockerConnection } from "../fleet/hosts/connection.ts";
import { hostObject, LABELS } from "../fleet/names.ts";
import type { ActiveService } from "../fleet/services/index.ts";
import { heldPorts } from "./listeners.ts";
import { hasGivenConfig } from "./service-config.ts";

const TIMEOUT_MS = 10_000;

/** Docker puts a slash before a container's name. */
const nameOf = (name: string | undefined): string => (name ?? "").replace(/^\//, "");

const STATUSES = ["created", "running", "paused", "restarting", "removing", "exited", "dead"] as const;

/** One that a newer Docker adds is none that a container should be in. */
const statusOf = (status: string): ObservedContainer["status"] =>
  STATUSES.find((each) => each === status) ?? "dead";

const healthOf = (status: string | undefined): ObservedContainer["health"] =>
  status === "starting" || status === "healthy" || status === "unhealthy" ? status : "none";

export interface DaemonInfo extends DaemonCapabilities {
  readonly ID: string;
  readonly NCPU: number;
  readonly MemTotal: number;
  readonly ServerVersion: string;
}

/** `false` is the daemon's word that it discards such a limit; some daemons do not say. */
const observedLimits = (
  { Memory, MemorySwap, MemoryReservation, NanoCpus, PidsLimit }: ContainerInspectInfo["HostConfig"],
  info: DaemonInfo,
): ObservedLimits => ({
  memory: info.MemoryLimit === false ? undefined : (Memory ?? 0),
  memorySwap: info.SwapLimit === false ? undefined : (MemorySwap ?? 0),
  memoryReservation: info.MemoryLimit === false ? undefined : (MemoryReservation ?? 0),
  nanoCpus: info.CpuCfsQuota === false ? undefined : (NanoCpus ?? 0),
  pids: info.PidsLimit === false ? undefined : (PidsLimit ?? 0),
});

const observedContainer = (
  { Id, Name, State, RestartCount, HostConfig, NetworkSettings }: ContainerInspectInfo,
  info: DaemonInfo,
): ObservedContainer => ({
  id: Id,
  name: nameOf(Name),
  status: statusOf(State.Status),
  health: healthOf(State.Health?.Status),
  failedChecks: State.Health?.FailingStreak ?? 0,
  exitCode: State.ExitCode,
  restarts: RestartCount,
  limits: observedLimits(HostConfig, info),
  restartPolicy: HostConfig.RestartPolicy?.Name ?? "",
  networks: Object.values(NetworkSettings.Networks).map(({ NetworkID }) => NetworkID),
});

/** What a daemon answers, as far as it concerns a stack. */
export interface DaemonAnswers {
  readonly info: DaemonInfo;
  readonly containers: readonly ContainerInfo[];
  /** The stack's own, in full. */
  readonly inspected: readonly ContainerInspectInfo[];
  readonly networks: readonly NetworkInspectInfo[];
  /** The stack's own. */
  readonly volumes: readonly { readonly Name: string; readonly Labels: Record<string, string> }[];
}

/** Docker leaves them out where there are none, or says null. */
const auxAddressesOf = ({ AuxiliaryAddresses }: { readonly AuxiliaryAddresses?: unknown }): unknown =>
  AuxiliaryAddresses ?? {};

/** @throws where the daemon does not answer */
export async function readDaemon(
  docker: Docker,
  stack: string,
  abortSignal?: AbortSignal,
): Promise<DaemonAnswers> {
  const abort = abortSignal === undefined ? {} : { abortSignal };
  const filters = JSON.stringify({ label: [`${LABELS.stack}=${stack}`] });
  // Its type has no parameter for what it does take.
  const info = docker.info as (options: object) => Promise<DaemonAnswers["info"]>;
  const [about, containers, networks, { Volumes }] = await Promise.all([
    info.call(docker, { ...abort }),
    docker.listContainers({ all: true, ...abort }),
    docker.listNetworks({ ...abort }),
    docker.listVolumes({ filters, ...abort }),
  ]);
  // One that has been removed meanwhile is not there.
  const inspected = await Promise.allSettled(
    containers
      .filter(({ Labels }) => Labels[LABELS.stack] === stack)
      .map(({ Id }) => docker.getContainer(Id).inspect({ ...abort })),
  );
  return {
    info: about,
    containers,
    inspected: inspected.flatMap((result) => (result.status === "fulfilled" ? [result.value] : [])),
    networks,
    volumes: Volumes,
  };
}

export const inventoryOf = ({
  info,
  containers,
  inspected,
  networks,
  volumes,
}: DaemonAnswers): Omit<Inventory, "held" | "misconfigured"> => ({
  daemon: info.ID,
  discards: unenforcedBy(info),
  remedy: remedyFor(info, unenforcedBy(info)),
  cpus: info.NCPU,
  containers: inspected.map((container) => observedContainer(container, info)),
  containerNames: containers.map(
    ({ Id, Names, Labels }): NamedObject => ({ id: Id, name: nameOf(Names[0]), labels: Labels }),
  ),
  networks: networks.map(
    ({ Id, Name, Labels, IPAM, Internal }): ObservedNetwork => ({
      id: Id,
      name: Name,
      labels: Labels ?? {},
      internal: Internal,
      auxAddresses: Object.assign({}, ...(IPAM?.Config ?? []).map(auxAddressesOf)),
      subnets: (IPAM?.Config ?? []).flatMap(({ Subnet }) => (Subnet === undefined ? [] : [Subnet])),
    }),
  ),
  volumes: volumes.map(({ Name, Labels }): NamedObject => ({ id: Name, name: Name, labels: Labels })),
});

const messageOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).replace(/\s+/g, " ");

/** Names of containers. */
async function misconfigured(
  docker: Docker,
  stack: string,
  services: readonly ActiveService[],
): Promise<string[]> {
  const found = services.map(async ({ definition }) =>
    (await hasGivenConfig(docker, stack, definition)) === false ? [hostObject(stack, definition.name)] : [],
  );
  return (await Promise.all(found)).flat();
}

const portsOf = (services: readonly ActiveService[]): Set<number> =>
  new Set(services.flatMap(({ definition, settings }) => definition.ports(settings).map(({ port }) => port)));

async function observeHost(
  connection: DockerConnection,
  stack: string,
  services: readonly ActiveService[],
): Promise<HostObservation> {
  try {
    const docker = connect(connection);
    // The other calls have no timeout.
    await ping(docker, TIMEOUT_MS);
    const held = connection.address.startsWith("unix:") ? heldPorts(portsOf(services)) : [];
    const [answers, others] = await Promise.all([
      readDaemon(docker, stack),
      misconfigured(docker, stack, services),
    ]);
    return { inventory: { ...inventoryOf(answers), held, misconfigured: others } };
  } catch (error) {
    return { problem: messageOf(error) };
  }
}

/**
 * All hosts at once; one that does not answer is named, and does not keep the others from being seen.
 *
 * @param services that each of them runs
 */
export async function observeHosts(
  connections: Iterable<readonly [string, DockerConnection]>,
  stack: string,
  services: readonly ActiveService[],
): Promise<ReadonlyMap<string, HostObservation>> {
  const observations = [...connections].map(
    async ([host, connection]) => [host, await observeHost(connection, stack, services)] as const,
  );
  return new Map(await Promise.all(observations));
}
