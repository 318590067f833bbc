/** The Docker daemons that this machine can talk to. */
import { type connect, statusOf, UnreachableError } from "docker-connection";
import { untilTunnelEnds } from "docker-connection/tunnel";
import type { Fleet } from "../fleet/config/fleet.ts";
import type { DockerConnection } from "../fleet/hosts/connection.ts";
import { messageOf, OperatorError } from "../system/operator-error.ts";
import type { Outputs } from "../workspace/engine.ts";

export type { DockerConnection };

/** Gives the client of a Docker daemon; tests substitute their own. */
export type Connect = typeof connect;

type Deployed = Outputs["fleet"];

const ofConfiguredHosts = ({ hosts }: Fleet): [string, DockerConnection][] =>
  [...hosts.values()].flatMap(({ name, connection }) =>
    connection === undefined ? [] : [[name, connection]],
  );

/** A cloud server without a verified host key is left out: another machine could answer at its address. */
const ofDeployedHosts = ({ hosts }: Fleet, deployed: Deployed): [string, DockerConnection][] =>
  Object.entries(deployed.hosts).flatMap(([name, made]): [string, DockerConnection][] => {
    const entry = [...hosts.values()].find((host) => host.owns(name));
    const connection = entry?.connectionTo(made);
    return connection === undefined ? [] : [[name, connection]];
  });

/** By host. @param deployed the fleet's outputs: the only source for the addresses of cloud servers */
export const connectionsOf = (
  fleet: Fleet,
  deployed: Deployed | undefined,
): ReadonlyMap<string, DockerConnection> =>
  new Map([...ofConfiguredHosts(fleet), ...(deployed === undefined ? [] : ofDeployedHosts(fleet, deployed))]);

const isOfDocker = (error: unknown): boolean =>
  error instanceof UnreachableError ||
  statusOf(error) !== undefined ||
  (error instanceof Error && "code" in error && "syscall" in error);

/**
 * The result of a call to a host's Docker daemon.
 *
 * @throws OperatorError that names the host if Docker refuses the call or does not respond; any other error unchanged
 */
export async function onHost<T>(
  host: string,
  { address }: DockerConnection,
  call: () => Promise<T>,
): Promise<T> {
  try {
    return await untilTunnelEnds(address, call());
  } catch (error) {
    if (!isOfDocker(error)) throw error;
    throw new OperatorError(`Docker on host ${host} (${address}): ${messageOf(error)}`);
  }
}
