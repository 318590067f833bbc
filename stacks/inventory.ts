/** Asks Docker daemons what they have of a stack. Nothing is changed. */
import { connect, ping } from "docker-connection";
import type Docker from "dockerode";
import type { ContainerInspectInfo } from "dockerode";
import type {
  HostView,
  Inventory,
  NamedObject,
  SeenContainer,
  SeenNetwork,
} from "../fleet/docker/inventory.ts";
import type { DockerConnection } from "../fleet/hosts/connection.ts";
import { LABELS } from "../fleet/names.ts";
import { heldPorts } from "./listeners.ts";

const TIMEOUT_MS = 10_000;

/** Docker puts a slash before a container's name. */
const nameOf = (name: string | undefined): string => (name ?? "").replace(/^\//, "");

const healthOf = (status: string | undefined): SeenContainer["health"] =>
  status === "starting" || status === "healthy" || status === "unhealthy" ? status : "none";

export const seenContainer = ({
  Id,
  Name,
  State,
  HostConfig,
  NetworkSettings,
}: ContainerInspectInfo): SeenContainer => ({
  id: Id,
  name: nameOf(Name),
  status: State.Status as SeenContainer["status"],
  health: healthOf(State.Health?.Status),
  exitCode: State.ExitCode,
  limits: {
    memory: HostConfig.Memory ?? 0,
    memorySwap: HostConfig.MemorySwap ?? 0,
    memoryReservation: HostConfig.MemoryReservation ?? 0,
    nanoCpus: HostConfig.NanoCpus ?? 0,
    pids: HostConfig.PidsLimit ?? 0,
  },
  restartPolicy: HostConfig.RestartPolicy?.Name ?? "",
  networks: Object.values(NetworkSettings.Networks).map(({ NetworkID }) => NetworkID),
});

/** Docker leaves them out where there are none, or says null. */
const auxAddressesOf = ({ AuxiliaryAddresses }: { readonly AuxiliaryAddresses?: unknown }): unknown =>
  AuxiliaryAddresses ?? {};

/** @throws where the daemon does not answer */
export async function takeInventory(docker: Docker, stack: string): Promise<Omit<Inventory, "held">> {
  const isOurs = ({ labels }: NamedObject): boolean => labels[LABELS.stack] === stack;
  const filters = JSON.stringify({ label: [`${LABELS.stack}=${stack}`] });
  const [{ NCPU }, containers, networks, { Volumes }] = await Promise.all([
    docker.info() as Promise<{ NCPU: number }>,
    docker.listContainers({ all: true }),
    docker.listNetworks(),
    docker.listVolumes({ filters }),
  ]);
  const containerNames = containers.map(
    ({ Id, Names, Labels }): NamedObject => ({ id: Id, name: nameOf(Names[0]), labels: Labels }),
  );
  // One that has been removed meanwhile is not there.
  const inspected = await Promise.allSettled(
    containerNames.filter(isOurs).map(({ id }) => docker.getContainer(id).inspect()),
  );
  return {
    cpus: NCPU,
    containers: inspected.flatMap((result) =>
      result.status === "fulfilled" ? [seenContainer(result.value)] : [],
    ),
    containerNames,
    networks: networks.map(
      ({ Id, Name, Labels, IPAM, Internal }): SeenNetwork => ({
        id: Id,
        name: Name,
        labels: Labels ?? {},
        internal: Internal,
        auxAddresses: Object.assign({}, ...(IPAM?.Config ?? []).map(auxAddressesOf)),
        subnets: (IPAM?.Config ?? []).flatMap(({ Subnet }) => (Subnet === undefined ? [] : [Subnet])),
      }),
    ),
    volumes: Volumes.map(({ Name, Labels }): NamedObject => ({ id: Name, name: Name, labels: Labels })),
  };
}

const messageOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).replace(/\s+/g, " ");

async function viewOf(
  connection: DockerConnection,
  stack: string,
  ports: ReadonlySet<number>,
): Promise<HostView> {
  try {
    const docker = connect(connection);
    // The other calls have no timeout.
    await ping(docker, TIMEOUT_MS);
    const held = connection.address.startsWith("unix:") ? heldPorts(ports) : [];
    return { inventory: { ...(await takeInventory(docker, stack)), held } };
  } catch (error) {
    return { problem: messageOf(error) };
  }
}

/**
 * All hosts at once; one that does not answer is named, and does not keep the others from being seen.
 *
 * @param ports of the fleet's services
 */
export async function viewHosts(
  connections: Iterable<readonly [string, DockerConnection]>,
  stack: string,
  ports: ReadonlySet<number>,
): Promise<ReadonlyMap<string, HostView>> {
  const views = [...connections].map(
    async ([host, connection]) => [host, await viewOf(connection, stack, ports)] as const,
  );
  return new Map(await Promise.all(views));
}
