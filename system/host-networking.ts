import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { connect, DEFAULT_ADDRESS, NOT_FOUND, unlessStatus } from "docker-connection";
import { becomesTrue } from "./becomes-true.ts";
import { OperatorError } from "./operator-error.ts";

const TIMEOUT_MS = 10_000;
/** Docker is removing the container already. */
const CONFLICT = 409;

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer().on("error", reject);
    server.listen(0, () => {
      // An address and a port: the server listens on neither a pipe nor a Unix socket.
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });

/** Whether a container on the host network is reachable from this machine. */
export async function reachesHostNetwork(
  image: string,
  address = DEFAULT_ADDRESS,
  network = "host",
): Promise<boolean> {
  const port = await freePort();
  const container = await connect({ address }).createContainer({
    Image: image,
    Entrypoint: ["caddy"],
    Cmd: ["respond", "--listen", `:${port}`],
    HostConfig: { NetworkMode: network, AutoRemove: true },
  });
  try {
    await container.start();
    return await becomesTrue(() => fetch(`http://127.0.0.1:${port}`), TIMEOUT_MS);
  } finally {
    await unlessStatus([NOT_FOUND, CONFLICT], () => container.remove({ force: true }));
  }
}

/** What the check asks of a Docker daemon; tests substitute their own. */
export const realDaemon = {
  operatingSystem: async (address: string): Promise<string> =>
    String((await connect({ address }).info()).OperatingSystem),
  reachesHostNetwork,
};

/**
 * Makes sure that the ingress is reachable: it listens on the host network, which Docker Desktop shares with the
 * machine only if a setting allows it. Elsewhere this costs one call to the daemon.
 *
 * @param image the ingress's image, which must be present
 * @throws OperatorError that names the setting to turn on
 */
export async function checkHostNetworking(
  { image, address = DEFAULT_ADDRESS }: { image: string; address?: string },
  daemon = realDaemon,
): Promise<void> {
  if (!address.startsWith("unix://")) return;
  if (!(await daemon.operatingSystem(address)).includes("Docker Desktop")) return;
  if (await daemon.reachesHostNetwork(image, address)) return;
  throw new OperatorError(
    "Docker Desktop does not share its host network with this machine, which the fleet's ingress needs: turn on " +
      "Settings > Resources > Network > Enable host networking, apply and restart, and run this again.",
  );
}
