import { connect, ping } from "docker-connection";
import { messageOf } from "../system/operator-error.ts";
import type { StackEngine } from "../workspace/engine.ts";
import type { Project } from "../workspace/project.ts";
import { type Connect, connectionsOf, type DockerConnection } from "./connections.ts";
import { hasCloudServers, readFleet } from "./fleet-config.ts";
import { type ServiceState, serviceStates } from "./service-states.ts";

const TIMEOUT_MS = 20_000;

export interface ProbedHost {
  readonly name: string;
  readonly address: string;
  /** Why its Docker daemon does not respond; undefined if it does. */
  readonly problem: string | undefined;
  /** Empty if its Docker daemon does not respond, or they were left out. */
  readonly services: readonly ServiceState[];
}

export interface ProbePorts {
  /** Opened only for cloud servers, whose addresses are in its outputs alone. */
  openEngine(): Promise<StackEngine>;
  readonly connect?: Connect;
  /** Whether to leave the services out. Default: false. */
  readonly daemonsOnly?: boolean;
  readonly timeoutMs?: number;
}

async function problemOf(connection: DockerConnection, connectTo: Connect, timeoutMs: number) {
  try {
    await ping(connectTo(connection), timeoutMs);
    return undefined;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    return (messageOf(error) || code).replace(/\s+/g, " ");
  }
}

/** Asks the Docker daemon of every host whether it responds, and each of its services whether it works, all at once: a refresh over a dead link would lose the networks. */
export async function probe(
  project: Project,
  { openEngine, connect: connectTo = connect, daemonsOnly = false, timeoutMs = TIMEOUT_MS }: ProbePorts,
): Promise<ProbedHost[]> {
  const fleet = readFleet(project);
  const outputs = hasCloudServers(fleet) ? await (await openEngine()).outputs() : undefined;
  const connections = [...connectionsOf(fleet, outputs?.fleet)];
  const probeHost = async ([name, connection]: (typeof connections)[number]): Promise<ProbedHost> => {
    const { address } = connection;
    const problem = await problemOf(connection, connectTo, timeoutMs);
    const services =
      problem === undefined && !daemonsOnly
        ? await serviceStates(project.stack, fleet.settings, [[name, connection]], connectTo)
        : [];
    return { name, address, problem, services };
  };
  return Promise.all(connections.map(probeHost));
}
