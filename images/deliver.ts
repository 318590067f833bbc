/** Images for the Docker daemon of another machine. */
import { connect, ping } from "docker-connection";
import type Docker from "dockerode";
import { messageOf, OperatorError } from "../system/operator-error.ts";
import type { Log } from "../system/terminal.ts";
import { ensureImages, missingImages } from "./ensure.ts";
import type { Image } from "./image.ts";
import { copyImage } from "./transfer.ts";

const PING_TIMEOUT_MS = 5_000;

export interface Delivery {
  readonly log: Log;
  /** The client of the other daemon. */
  readonly docker: Docker;
  readonly host: string;
  /** The client of the daemon from which images are copied. Default: this machine's own. */
  readonly local?: Docker;
}

/**
 * Provides the images to the Docker daemon of another machine: pulled there if it reaches a registry, otherwise copied from
 * this machine.
 */
export async function deliverImages(
  images: readonly Image[],
  { log, docker, host, local = connect() }: Delivery,
): Promise<void> {
  const missing = await missingImages(images, { log, docker });
  if (missing.length === 0) return;
  await ping(local, PING_TIMEOUT_MS).catch((error: unknown) => {
    throw new OperatorError(
      `no registry responds to it, and the images cannot be copied, because this machine's Docker daemon does not respond (${messageOf(error)})`,
    );
  });
  await ensureImages(images, { log, docker: local });
  log(`Copying ${missing.join(", ")} to ${host}`);
  for (const image of missing) await copyImage(image, local, docker);
}
