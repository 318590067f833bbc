import { connect, DEFAULT_ADDRESS, type DockerAddress, ping } from "docker-connection";
import { aptInstall, canInstall } from "./apt.ts";
import { becomesTrue } from "./becomes-true.ts";
import { onPath } from "./on-path.ts";
import { messageOf, OperatorError } from "./operator-error.ts";
import { startDocker } from "./start-docker.ts";
import type { Log } from "./terminal.ts";

const PING_TIMEOUT_MS = 5_000;
const REMOTE_PING_TIMEOUT_MS = 15_000;
const PACKAGES = ["docker.io", "iptables", "ca-certificates"];

/** What `ensureDocker` needs of a machine; tests substitute their own. */
export const thisMachine = {
  ping: (address: DockerAddress, timeoutMs: number) => ping(connect(address), timeoutMs),
  canInstall,
  has: onPath,
  install: aptInstall,
  start: startDocker,
};

const isForbidden = (error: unknown): boolean =>
  error instanceof Error && "code" in error && error.code === "EACCES";

/**
 * Makes sure that a Docker daemon responds; installs and starts one on this machine if that is allowed.
 *
 * @throws OperatorError that says what to install or start if it is not allowed, or fails
 */
export async function ensureDocker(
  { log, connection = {} }: { log: Log; connection?: DockerAddress },
  machine = thisMachine,
): Promise<void> {
  const { address = DEFAULT_ADDRESS } = connection;
  if (!address.startsWith("unix://")) {
    return machine.ping(connection, REMOTE_PING_TIMEOUT_MS).catch((error: unknown) => {
      throw new OperatorError(`The Docker daemon at ${address} does not respond: ${messageOf(error)}`);
    });
  }
  const socket = address.slice("unix://".length);
  const tryPing = () => machine.ping(connection, PING_TIMEOUT_MS);
  try {
    return await tryPing();
  } catch (error) {
    if (isForbidden(error)) {
      throw new OperatorError(
        `This user may not use ${socket}: run \`sudo usermod -aG docker $USER\`, log in again, and retry.`,
      );
    }
    if (address !== DEFAULT_ADDRESS) {
      throw new OperatorError(
        `No Docker daemon responds at ${address}: start it, or correct the host's address.`,
      );
    }
  }
  if (!machine.canInstall()) {
    throw new OperatorError(
      `No Docker daemon responds at ${socket}: install and start Docker Engine (or Docker Desktop with its default ` +
        "socket allowed in Settings > Advanced), or run this as root on Debian or Ubuntu to have it installed.",
    );
  }
  if (!machine.has("dockerd")) await machine.install(PACKAGES, log);
  // Not needed by this program, but by operators. Newer Debian releases package it separately.
  if (!machine.has("docker")) await machine.install(["docker-cli"], log);
  log("Starting the Docker daemon ...");
  await machine.start((withinMs, isHopeless) => becomesTrue(tryPing, withinMs, isHopeless));
}
