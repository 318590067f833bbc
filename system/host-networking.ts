import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { release } from "node:os";
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

/** What a daemon says of the system that it runs on. */
export interface DaemonSystem {
  readonly OperatingSystem?: string;
  readonly KernelVersion?: string;
  readonly SecurityOptions?: readonly string[] | null;
}

/** What the check asks of this machine and of a Docker daemon; tests substitute their own. */
export const realMachine = {
  kernel: release,
  system: async (address: string): Promise<DaemonSystem> => connect({ address }).info(),
  reachesHostNetwork,
};

const REMEDIES = {
  desktop:
    "Docker Desktop does not share its host network with this machine, which the fleet's ingress needs: turn on " +
    "Settings > Resources > Network > Enable host networking, apply and restart, and run this again.",
  rootless:
    "has a host network of its own, which this machine does not reach, as rootless Docker does: the fleet's ingress would " +
    "listen where nobody reaches it. Use a Docker daemon that runs as root, as `address` of the host or by DOCKER_HOST, and " +
    "run this again.",
  machine:
    "runs in a virtual machine, and this machine does not reach what listens there: nobody here would reach the fleet's " +
    "ingress. Have the virtual machine forward its ports to this one, or use a Docker daemon of this machine, as `address` " +
    "of the host or by DOCKER_HOST, and run this again.",
};

/** Why a daemon's host network may not be this machine's: a container shares the kernel of its daemon. */
function separation(
  { OperatingSystem = "", KernelVersion, SecurityOptions }: DaemonSystem,
  kernel: string,
): keyof typeof REMEDIES | undefined {
  if (OperatingSystem.includes("Docker Desktop")) return "desktop";
  if (SecurityOptions?.some((option) => option.split(",").includes("name=rootless"))) return "rootless";
  return KernelVersion === undefined || KernelVersion === kernel ? undefined : "machine";
}

interface Ingress {
  /** Must be present. */
  readonly image: string;
  readonly listen: readonly string[];
}

/** One that listens elsewhere may be meant for others, who do reach the virtual machine. */
const isForThisMachine = ({ listen }: Ingress): boolean =>
  listen.every((address) => address.startsWith("127.") || address === "::1");

/**
 * Makes sure that the ingress is reachable: it listens on the daemon's host network, which is not this machine's where the
 * daemon is rootless or in a virtual machine. Elsewhere this costs one call to the daemon.
 *
 * @throws OperatorError that names the remedy
 */
export async function checkHostNetworking(
  { ingress, address = DEFAULT_ADDRESS }: { ingress: Ingress; address?: string },
  machine = realMachine,
): Promise<void> {
  if (!address.startsWith("unix://")) return;
  const reason = separation(await machine.system(address), machine.kernel());
  if (reason === undefined || (reason === "machine" && !isForThisMachine(ingress))) return;
  // Some products forward what listens on the host network.
  if (await machine.reachesHostNetwork(ingress.image, address)) return;
  const remedy = REMEDIES[reason];
  throw new OperatorError(reason === "desktop" ? remedy : `The Docker daemon at ${address} ${remedy}`);
}
