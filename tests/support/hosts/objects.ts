/** The Docker objects of a stack, found by their label only. */
import { connect } from "docker-connection";
import { LABELS } from "../../../fleet/names.ts";

const docker = connect();
const byStack = (stack: string): string => JSON.stringify({ label: [`${LABELS.stack}=${stack}`] });

export interface Objects {
  /** Names. */
  readonly containers: readonly string[];
  readonly networks: readonly string[];
  readonly volumes: readonly string[];
}

export async function objectsOf(stack: string): Promise<Objects> {
  const filters = byStack(stack);
  const containers = await docker.listContainers({ all: true, filters });
  const networks = await docker.listNetworks({ filters });
  const { Volumes } = await docker.listVolumes({ filters });
  return {
    containers: containers.map(({ Names }) => (Names[0] ?? "").slice(1)).toSorted(),
    networks: networks.map(({ Name }) => Name).toSorted(),
    volumes: Volumes.map(({ Name }) => Name).toSorted(),
  };
}

/** Changes when a container is recreated or restarted. */
export async function identityOf(name: string): Promise<{ id: string; started: string }> {
  const { Id, State } = await docker.getContainer(name).inspect();
  return { id: Id, started: State.StartedAt };
}

/** Removes what a test left; volumes by name, because Docker creates one without labels for a container whose volume is missing. */
export async function removeObjects(stack: string): Promise<void> {
  const { containers, networks } = await objectsOf(stack);
  const { Volumes } = await docker.listVolumes({});
  const volumes = Volumes.map(({ Name }) => Name).filter((name) => name.startsWith(`fleet.${stack}.`));
  for (const name of containers) await docker.getContainer(name).remove({ force: true, v: true });
  for (const name of networks) await docker.getNetwork(name).remove();
  for (const name of volumes) await docker.getVolume(name).remove();
}
