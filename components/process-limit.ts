/**
 * The limit on processes and threads, for which the Docker provider has no input.
 *
 * A ulimit is not a substitute: the kernel counts it per user, and all agents of a host run as the same user. So the limit
 * is set through Docker's API in a hook of the container's creation: if the hook fails, so does the creation.
 */
import * as pulumi from "@pulumi/pulumi";
import { connect, statusOf, withConnectionErrors } from "docker-connection";
import type { DockerConnection } from "../fleet/hosts/connection.ts";

const TIMEOUT_MS = 15_000;

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** @throws Error that quotes Docker if it refuses, and names its address if it does not respond */
export async function setProcessLimit(
  connection: DockerConnection,
  container: string,
  pids: number,
): Promise<void> {
  const { address } = connection;
  const request = { _body: { PidsLimit: pids }, abortSignal: AbortSignal.timeout(TIMEOUT_MS) };
  try {
    await withConnectionErrors(address, () => connect(connection).getContainer(container).update(request));
  } catch (error) {
    const reason = messageOf(error);
    throw new Error(
      statusOf(error) === undefined
        ? `Docker at ${address} could not be asked to limit processes: ${reason}`
        : `Docker at ${address} refused a limit of ${pids} processes: ${reason}`,
    );
  }
}

export function processLimitHook(
  name: string,
  connection: pulumi.Input<DockerConnection>,
  pids: number,
): pulumi.ResourceHook {
  // Known by the time that there is a container: it was created through the same connection.
  const { promise, resolve } = Promise.withResolvers<DockerConnection>();
  pulumi.output(connection).apply(resolve);
  return new pulumi.ResourceHook(`${name}-process-limit`, async ({ id }) =>
    setProcessLimit(await promise, id, pids),
  );
}
