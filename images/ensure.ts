import { run } from "../system/run.ts";
import { backDoorRecipe } from "./squid.ts";
import { buildAll } from "./build.ts";
import { frontDoorRecipe } from "./caddy.ts";
import { gatewayRecipe } from "./gateway.ts";
import { goPackages } from "./go.ts";
import { withProgress } from "./progress.ts";
import { versionOf } from "./recipe.ts";

export interface Images {
  readonly gateway: string;
  readonly ingress: string;
  readonly egressProxy: string;
}

const RECIPES = { gateway: gatewayRecipe, ingress: frontDoorRecipe, egressProxy: backDoorRecipe };
const ROLES = Object.keys(RECIPES) as (keyof Images)[];

/** Milliseconds for a registry to name the image; the download itself may take as long as it needs. */
const REGISTRY_PATIENCE = 15_000;

type Docker = (args: readonly string[], firstLineWithin?: number) => Promise<string>;

const isPresent = async (docker: Docker, images: readonly string[]): Promise<boolean> => {
  try {
    await docker(["image", "inspect", "--format", "{{.Id}}", ...images]);
    return true;
  } catch {
    return false;
  }
};

/** Whether the image is present, after pulling it where it was not. */
async function pull(docker: Docker, image: string): Promise<boolean> {
  if (await isPresent(docker, [image])) return true;
  try {
    await docker(["pull", image], REGISTRY_PATIENCE);
    return true;
  } catch (error) {
    // A registry that answers knows better than a build that guesses.
    if (/manifest unknown|manifest for .* not found/.test(String(error))) throw error;
    return false;
  }
}

const environmentOf = (dockerHost: string | undefined): Record<string, string> =>
  dockerHost === undefined ? {} : { DOCKER_HOST: dockerHost };

/**
 * Pulls what the engine does not have, and gives what no registry has answered for.
 *
 * @throws Error when a registry answers that it has no such image
 */
export async function missingImages(
  images: Images,
  { log, dockerHost }: { log(line: string): void; dockerHost?: string | undefined },
): Promise<string[]> {
  const env = environmentOf(dockerHost);
  const docker: Docker = (args, firstLineWithin) => run("docker", args, { env, firstLineWithin });
  const names = ROLES.map((role) => images[role]);
  if (await isPresent(docker, names)) return [];
  const absent = new Set(names);
  await withProgress({ doing: "pulling", names: absent, log }, () =>
    Promise.all(names.map(async (name) => (await pull(docker, name)) && absent.delete(name))),
  );
  return [...absent];
}

/**
 * Makes the images present on the engine: pulled, or where no registry answers, built from packages under the same name.
 *
 * @throws Error when a registry answers that it has no such image, or a build fails
 */
export async function ensureImages(
  images: Images,
  { log, dockerHost }: { log(line: string): void; dockerHost?: string | undefined },
): Promise<void> {
  const absent = await missingImages(images, { log, dockerHost });
  if (absent.length === 0) return;
  const env = environmentOf(dockerHost);
  const missing = ROLES.filter((role) => absent.includes(images[role]));
  const recipes = new Map(missing.map((role) => [images[role], RECIPES[role](versionOf(images[role]))]));
  log(`No container registry answers: building ${absent.join(", ")} from packages (about 3 minutes)`);
  await buildAll(recipes, { tools: missing.includes("ingress") ? goPackages() : [], docker: env, log });
}
