/**
 * The floor under the fleet's gateways: exactly their containers, created with only the Docker calls that they need.
 *
 * A recipe is what Docker reports of a container of the fleet, so that settings, limits and environment are the same without
 * being written down a second time.
 */
import { setTimeout as sleep } from "node:timers/promises";
import Docker from "dockerode";
import { LABELS } from "../../../fleet/names.ts";
import { GATEWAY_PORT, STARTED, STARTUP_PATH } from "../../../openclaw/contract.ts";

const POLL_MS = 100;
const PATIENCE_MS = 300_000;
/** The host is the gateway's trusted proxy, whose requests are refused unless they name a client. */
const AS_PROXY = { headers: { "X-Forwarded-For": "192.0.2.1" } };

export interface Recipe {
  readonly container: Docker.ContainerInspectInfo;
  readonly network: Docker.NetworkInspectInfo;
  readonly address: string;
}

const docker = new Docker();

/** Must be called while the fleet is up. */
export async function recipesOf(stack: string): Promise<Recipe[]> {
  const filters = { label: [`${LABELS.stack}=${stack}`, LABELS.agent] };
  const listed = await docker.listContainers({ filters });
  return Promise.all(
    listed.map(async ({ Id }) => {
      const container = await docker.getContainer(Id).inspect();
      const [attached] = Object.entries(container.NetworkSettings.Networks);
      if (attached === undefined) throw new Error(`${container.Name} is on no network`);
      const [name, { IPAddress }] = attached;
      return { container, network: await docker.getNetwork(name).inspect(), address: IPAddress };
    }),
  );
}

/** A variable in its environment. */
export const variableOf = ({ container }: Recipe, name: string): string | undefined =>
  container.Config.Env.find((variable) => variable.startsWith(`${name}=`))?.slice(name.length + 1);

/** With other values of variables; without those that are undefined. */
export function withEnvironment(
  recipe: Recipe,
  changes: Readonly<Record<string, string | undefined>>,
): Recipe {
  const kept = recipe.container.Config.Env.filter(
    (variable) => !Object.hasOwn(changes, variable.slice(0, variable.indexOf("="))),
  );
  const changed = Object.entries(changes).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${value}`],
  );
  const Config = { ...recipe.container.Config, Env: [...kept, ...changed] };
  return { ...recipe, container: { ...recipe.container, Config } };
}

const volumeOf = ({ HostConfig }: Docker.ContainerInspectInfo): string =>
  HostConfig.Binds?.[0]?.split(":")[0] ?? "";

/** Gives the container's id. */
export async function start(recipe: Recipe): Promise<string> {
  const { Name, Internal, Labels, IPAM } = recipe.network;
  await docker.createNetwork({
    Name,
    Internal,
    Labels: Labels ?? {},
    IPAM: { Driver: "default", Config: IPAM?.Config ?? [] },
  });
  return startContainer(recipe);
}

/** Puts the recipe's container in place of the one of its name, with no data of that one. Gives its id. */
export async function replace(recipe: Recipe): Promise<string> {
  const { container } = recipe;
  await ignoreMissing(docker.getContainer(container.Name.slice(1)).remove({ force: true }));
  await ignoreMissing(docker.getVolume(volumeOf(container)).remove());
  return startContainer(recipe);
}

async function ignoreMissing(removal: Promise<unknown>): Promise<void> {
  try {
    await removal;
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode !== 404) throw error;
  }
}

async function startContainer({ container, network, address }: Recipe): Promise<string> {
  const { Name } = network;
  await docker.createVolume({ Name: volumeOf(container), Labels: container.Config.Labels });
  const created = await docker.createContainer({
    ...(container.Config as object),
    name: container.Name.slice(1),
    HostConfig: { ...container.HostConfig, NetworkMode: Name },
    NetworkingConfig: { EndpointsConfig: { [Name]: { IPAMConfig: { IPv4Address: address } } } },
  });
  await created.start();
  return created.id;
}

export async function untilStarted(address: string): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  while (Date.now() < end) {
    // Any path answers 200 once the server listens: only the body shows that the gateway has started.
    const body = await fetch(`http://${address}:${GATEWAY_PORT}${STARTUP_PATH}`, AS_PROXY)
      .then((response) => response.text())
      .catch(() => "");
    if (body.includes(`"status":"${STARTED}"`)) return;
    await sleep(POLL_MS);
  }
  throw new Error(`the gateway at ${address} has not started`);
}

/** Starts all at once and waits until each has started. Gives their ids. */
export const startRaw = (recipes: readonly Recipe[]): Promise<string[]> =>
  Promise.all(
    recipes.map(async (recipe) => {
      const id = await start(recipe);
      await untilStarted(recipe.address);
      return id;
    }),
  );

/** What a container could not give back, MiB: page cache that is not in use does not count. */
export async function heldMb(id: string): Promise<number> {
  const { memory_stats: memory } = await docker.getContainer(id).stats({ stream: false, "one-shot": true });
  const { total_inactive_file: v1, inactive_file: v2 } = memory.stats as unknown as Record<string, number>;
  return Math.round(((memory.usage ?? 0) - (v1 ?? v2 ?? 0)) / 2 ** 20);
}
