/**
 * Whether an agent's network needs a default route that leads nowhere.
 *
 * Docker before 23 gives the containers of an internal network a default route through their host, which then answers on all
 * of its addresses. Newer daemons give them none, and refuse a network that asks for one.
 */
import * as pulumi from "@pulumi/pulumi";
import { connect, ping } from "docker-connection";
import type { DockerConnection } from "../fleet/hosts/connection.ts";

const FIRST_WITHOUT = 23;
const TIMEOUT_MS = 15_000;

/** @param version such as `20.10.24+dfsg1` */
export const givesDefaultRoute = (version: string): boolean => Number.parseInt(version, 10) < FIRST_WITHOUT;

async function fetchVersion(connection: DockerConnection): Promise<string> {
  const docker = connect(connection);
  // `version` itself has no timeout.
  await ping(docker, TIMEOUT_MS);
  return (await docker.version()).Version;
}

/** By address: what was found out in this run. */
const answers = new Map<string, Promise<boolean>>();

/**
 * Asks the Docker daemon, once in a run. One that does not respond is assumed to be old: if it is not, creating the network fails,
 * while the opposite mistake would leave the network open.
 */
export function needsUnusedGateway(connection: DockerConnection): Promise<boolean> {
  // The preview of a new network does not depend on it.
  if (pulumi.runtime.isDryRun()) return Promise.resolve(false);
  const known = answers.get(connection.address);
  if (known !== undefined) return known;
  const answer = fetchVersion(connection).then(givesDefaultRoute, () => true);
  answers.set(connection.address, answer);
  return answer;
}
