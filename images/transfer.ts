/** Pulling and copying images through Docker's API: the `docker` command is not needed, and SSH hosts keep their one connection. */

import { NOT_FOUND, statusOf, unlessStatus } from "docker-connection";
import type Docker from "dockerode";
import { isRecord } from "../system/guards.ts";
import { messageOf, OperatorError } from "../system/operator-error.ts";
import { credentialsFor } from "./registry-credentials.ts";

/** For a registry to find the image; the download itself may take as long as it needs. */
const REGISTRY_TIMEOUT_MS = 15_000;

/** Docker reports a failure after its first answer as one of the events in its stream. */
async function untilDone({ modem }: Docker, stream: NodeJS.ReadableStream): Promise<void> {
  const events = await new Promise<unknown[]>((resolve, reject) => {
    modem.followProgress(stream, (error, output) => (error ? reject(error) : resolve(output)));
  });
  for (const event of events) {
    if (isRecord(event) && typeof event["error"] === "string") throw new OperatorError(event["error"]);
  }
}

export const isPresent = async (docker: Docker, image: string): Promise<boolean> =>
  (await unlessStatus([NOT_FOUND], () => docker.getImage(image).inspect())) !== undefined;

/** Without a tag Docker would pull all of them. */
const withTag = (image: string): string => (/[:@][^/]*$/.test(image) ? image : `${image}:latest`);

/**
 * Pulls an image.
 *
 * @returns false if no registry responds
 * @throws OperatorError if a registry responds that it does not have the image
 */
export async function pull(
  docker: Docker,
  image: string,
  timeoutMs: number = REGISTRY_TIMEOUT_MS,
): Promise<boolean> {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), timeoutMs);
  try {
    const request = { fromImage: withTag(image), abortSignal: abort.signal };
    const stream = await docker.createImage(await credentialsFor(image), request);
    clearTimeout(timer);
    await untilDone(docker, stream);
    return true;
  } catch (error) {
    const isRefused = /manifest unknown|manifest for .* not found/.test(messageOf(error));
    if (isRefused) throw new OperatorError(`${image} cannot be pulled: ${messageOf(error)}`);
    const isOfRegistry = abort.signal.aborted || statusOf(error) !== undefined;
    if (isOfRegistry || error instanceof OperatorError) return false;
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** Streams an image from one Docker daemon to another, which skips the layers that it has. */
export async function copyImage(image: string, from: Docker, to: Docker): Promise<void> {
  const archive = await from.getImage(image).get();
  // A pipe does not pass on that its source broke off: the other daemon would wait for the rest.
  const failure = new Promise<never>((_, reject) => {
    archive
      .once("error", reject)
      .once("aborted", () => reject(new OperatorError(`${image}: copy interrupted`)));
  });
  const load = to.loadImage(archive, { quiet: true }).then((stream) => untilDone(to, stream));
  await Promise.race([load, failure]);
}

/** Makes an image of a root file system. @param changes its settings, as Dockerfile instructions */
export async function importImage(
  docker: Docker,
  image: string,
  tarFile: string,
  changes: readonly string[],
): Promise<void> {
  await untilDone(docker, await docker.importImage(tarFile, { repo: image, changes: [...changes] }));
}
