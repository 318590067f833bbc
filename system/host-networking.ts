import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { ask, becomesTrue, DEFAULT_HOST } from "./docker-socket.ts";
import { run } from "./run.ts";

const PATIENCE = 10_000;

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer().on("error", reject);
    server.listen(0, () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });

/** Whether a container on the engine's host network can be reached from this machine. */
export async function reachesHostNetwork(image: string, network = "host"): Promise<boolean> {
  const port = await freePort();
  const command = ["--entrypoint", "caddy", image, "respond", "--listen", `:${port}`];
  const container = await run("docker", ["run", "--detach", "--rm", "--network", network, ...command]);
  try {
    return await becomesTrue(() => fetch(`http://127.0.0.1:${port}`), PATIENCE);
  } finally {
    await run("docker", ["rm", "--force", container]);
  }
}

/**
 * Makes sure that the doors can be reached: they listen on the host network, which Docker Desktop shares with the
 * machine only when told to. Elsewhere this costs one call to the engine.
 *
 * @param image the ingress's image, which must be present
 * @throws Error that names the setting to turn on
 */
export async function checkHostNetworking(
  { image, host = DEFAULT_HOST }: { image: string; host?: string | undefined },
  { askEngine, reaches } = { askEngine: ask, reaches: (name: string) => reachesHostNetwork(name) },
): Promise<void> {
  if (!host.startsWith("unix://")) return;
  const { OperatingSystem: system } = JSON.parse(await askEngine(host.slice("unix://".length), "/info")) as {
    OperatingSystem: string;
  };
  if (!system.includes("Docker Desktop") || (await reaches(image))) return;
  throw new Error(
    "Docker Desktop does not share its host network with this machine, which the fleet's doors need: turn on " +
      "Settings > Resources > Network > Enable host networking, apply and restart, and run this again.",
  );
}
