/**
 * Whether a room's default route has to be led to nobody.
 *
 * Docker before 23 gives the containers of an internal network a default route through their host, who then answers at every
 * address that it has. Newer engines give them none, and refuse a network that asks for one.
 */
import { request } from "node:http";
import { json } from "node:stream/consumers";
import * as pulumi from "@pulumi/pulumi";
import type { DockerConnection } from "../fleet/hosts/connection.ts";
import { engineRequest } from "../ssh/engine-request.ts";

const FIRST_WITHOUT = 23;
const TIMEOUT_MS = 15_000;

/** @param version such as `20.10.24+dfsg1` */
export const givesDefaultRoute = (version: string): boolean => Number.parseInt(version, 10) < FIRST_WITHOUT;

function versionOf({ address, sshOptions }: DockerConnection): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const call = request(
    { ...engineRequest(address, sshOptions), path: "/version", timeout: TIMEOUT_MS },
    (response) => {
      json(response).then((answer) => resolve((answer as { Version: string }).Version), reject);
    },
  );
  call.on("timeout", () => call.destroy(new Error("no answer in time")));
  call.on("error", reject);
  call.end();
  return promise;
}

/** By address: what was found out in this run. */
const answers = new Map<string, Promise<boolean>>();

/** Asks the engine, once in a run. One that does not answer is taken for an old one: on a newer one making the room then fails. */
export function needsUnusedGateway(engine: DockerConnection): Promise<boolean> {
  // What a preview shows of a room that is new does not depend on it, and a preview talks to nobody.
  if (pulumi.runtime.isDryRun()) return Promise.resolve(false);
  const known = answers.get(engine.address);
  if (known !== undefined) return known;
  const answer = versionOf(engine).then(givesDefaultRoute, () => true);
  answers.set(engine.address, answer);
  return answer;
}
