/**
 * The limit on processes and threads, which the Docker provider has no input for.
 *
 * A ulimit is no substitute: the kernel counts it per user, and all agents are the same user on their host. So the
 * limit is set by Docker's own API in a hook that belongs to the container's creation, and a failure fails the creation.
 */
import { request } from "node:http";
import * as pulumi from "@pulumi/pulumi";
import type { DockerConnection } from "../fleet/hosts/connection.ts";
import { engineRequest } from "../ssh/engine-request.ts";

const REQUEST_TIMEOUT_MS = 15_000;

/** @throws Error that quotes the Docker engine where it refuses, and names its address where it does not answer. */
export async function setProcessLimit(
  { address, sshOptions }: DockerConnection,
  container: string,
  pids: number,
): Promise<void> {
  const body = JSON.stringify({ PidsLimit: pids });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const call = request(
    {
      ...engineRequest(address, sshOptions),
      method: "POST",
      path: `/containers/${container}/update`,
      headers: { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(body) },
      timeout: REQUEST_TIMEOUT_MS,
    },
    (response) => {
      response.setEncoding("utf8");
      let answer = "";
      response.on("data", (chunk: string) => {
        answer += chunk;
      });
      response.on("end", () => {
        if (response.statusCode === 200) resolve();
        else reject(new Error(`Docker at ${address} refused a limit of ${pids} processes: ${answer.trim()}`));
      });
    },
  );
  call.on("timeout", () => call.destroy(new Error("no answer in time")));
  call.on("error", (error) =>
    reject(new Error(`Docker at ${address} could not be asked to limit processes: ${error.message}`)),
  );
  call.end(body);
  return promise;
}

export function processLimitHook(
  name: string,
  engine: pulumi.Input<DockerConnection>,
  pids: number,
): pulumi.ResourceHook {
  // Known by the time that there is a container: it was made by the same engine.
  const { promise, resolve } = Promise.withResolvers<DockerConnection>();
  pulumi.output(engine).apply(resolve);
  return new pulumi.ResourceHook(`${name}-process-limit`, async ({ id }) =>
    setProcessLimit(await promise, id, pids),
  );
}
