/** Whether the services of the hosts work. */
import { connect, execute, NOT_FOUND, readLogs, unlessStatus } from "docker-connection";
import type Docker from "dockerode";
import { hostObject } from "../fleet/names.ts";
import { type ActiveService, activeServices } from "../fleet/services/index.ts";
import { hasGivenConfig } from "../stacks/service-config.ts";
import { messageOf } from "../system/operator-error.ts";
import type { Connect, DockerConnection } from "./connections.ts";

const LAST_LOG_LINES = 3;

export interface ServiceState {
  readonly host: string;
  /** For people: `egress proxy`. */
  readonly service: string;
  readonly state: "works" | "fails" | "missing";
  /** Why it fails; empty otherwise. */
  readonly reason: string;
}

async function stateOf(
  docker: ReturnType<Connect>,
  stack: string,
  { definition, settings }: ActiveService,
  abortSignal: AbortSignal | undefined,
): Promise<Pick<ServiceState, "state" | "reason">> {
  const container = docker.getContainer(hostObject(stack, definition.name));
  try {
    const found = await unlessStatus([NOT_FOUND], async () => {
      await execute(container, definition.health(settings), abortSignal);
      return true;
    });
    if (found === undefined) return { state: "missing", reason: "" };
    return (await hasGivenConfig(docker, stack, definition, abortSignal)) === false
      ? { state: "fails", reason: "its configuration is not the one that it was given" }
      : { state: "works", reason: "" };
  } catch (error) {
    const words = (await lastWords(container)) ?? messageOf(error);
    return { state: "fails", reason: words.replace(/\s+/g, " ") };
  }
}

/** What a service that does not run logged last; undefined for one that runs, or logged nothing. */
async function lastWords(container: Docker.Container): Promise<string | undefined> {
  try {
    const { State } = await container.inspect();
    if (State.Status === "running") return undefined;
    const words = (await readLogs(container, LAST_LOG_LINES)).trim();
    return words === ""
      ? undefined
      : `it ${State.Status === "restarting" ? "keeps exiting" : `is ${State.Status}`}: ${words}`;
  } catch {
    return undefined;
  }
}

/** A host without any service was not deployed yet; on another, a missing service was removed by hand. */
export const brokenServices = (states: readonly ServiceState[]): ServiceState[] => {
  const deployed = new Set(states.filter(({ state }) => state !== "missing").map(({ host }) => host));
  return states.filter(({ host, state }) => state === "fails" || (state === "missing" && deployed.has(host)));
};

/** Runs the health command of every service of these hosts, in its container. @param abortSignal after which one fails */
export async function serviceStates(
  stack: string,
  settings: object,
  connections: Iterable<readonly [string, DockerConnection]>,
  connectTo: Connect = connect,
  abortSignal?: AbortSignal,
): Promise<ServiceState[]> {
  const questions = [...connections].flatMap(([host, connection]) =>
    activeServices(settings).map(async (service) => ({
      host,
      service: service.definition.title,
      ...(await stateOf(connectTo(connection), stack, service, abortSignal)),
    })),
  );
  return Promise.all(questions);
}
