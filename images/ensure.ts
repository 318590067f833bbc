import { connect } from "docker-connection";
import type Docker from "dockerode";
import type { Log } from "../system/terminal.ts";
import { buildAll } from "./build.ts";
import type { Image } from "./image.ts";
import { withProgress } from "./progress.ts";
import { isPresent, pull } from "./transfer.ts";

export interface ImageOptions {
  readonly log: Log;
  /** The client of the Docker daemon. Default: this machine's own. */
  readonly docker?: Docker;
}

/**
 * Pulls the images that the Docker daemon does not have.
 *
 * @returns those for which no registry responded
 * @throws OperatorError if a registry responds that it does not have the image
 */
export async function missingImages(
  images: readonly Image[],
  { log, docker = connect() }: ImageOptions,
): Promise<string[]> {
  const names = images.map(({ name }) => name);
  const presence = await Promise.all(names.map((name) => isPresent(docker, name)));
  const absent = new Set(names.filter((_, index) => presence[index] !== true));
  if (absent.size === 0) return [];
  await withProgress({ doing: "pulling", names: absent, log }, () =>
    Promise.all([...absent].map(async (name) => (await pull(docker, name)) && absent.delete(name))),
  );
  return [...absent];
}

/**
 * Provides the images to a Docker daemon of this machine: pulled, or built from packages under the same name if no registry
 * responds.
 *
 * @throws OperatorError if a registry responds that it does not have an image, or a build fails
 */
export async function ensureImages(
  images: readonly Image[],
  { log, docker = connect() }: ImageOptions,
): Promise<void> {
  const absent = await missingImages(images, { log, docker });
  if (absent.length === 0) return;
  const missing = images.filter(({ name }) => absent.includes(name));
  const recipes = new Map(missing.map((image) => [image.name, image.recipe()]));
  log(`No container registry responds: building ${absent.join(", ")} from packages (about 3 minutes)`);
  await buildAll(recipes, { docker, log });
}
