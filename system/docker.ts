import { aptInstall, canInstall } from "./apt.ts";
import { ask, becomesTrue, DEFAULT_HOST } from "./docker-socket.ts";
import { onPath, run } from "./run.ts";
import { startEngine } from "./start-docker.ts";

export { checkHostNetworking } from "./host-networking.ts";

const REMOTE_PATIENCE = 15_000;
const ENGINE_PACKAGES = ["docker.io", "iptables", "ca-certificates"];

/** What `ensureDocker` needs of a machine; tests put their own in. */
export const thisMachine = { ask, canInstall, has: onPath, install: aptInstall, run, start: startEngine };

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/**
 * Makes sure that a Docker engine answers: installs and starts one on this machine where it may.
 *
 * @throws Error that says what to install or start where it may not, or cannot
 */
export async function ensureDocker(
  { log, host = DEFAULT_HOST }: { log(line: string): void; host?: string | undefined },
  machine = thisMachine,
): Promise<void> {
  if (!host.startsWith("unix://")) {
    try {
      const ask = ["--host", host, "version", "--format", "{{.Server.Version}}"];
      await machine.run("docker", ask, { timeout: REMOTE_PATIENCE });
    } catch (error) {
      throw new Error(`The Docker engine at ${host} does not answer: ${reasonOf(error)}`);
    }
    return;
  }
  const socket = host.slice("unix://".length);
  const ping = () => machine.ask(socket, "/_ping");
  try {
    await ping();
    return;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EACCES") {
      throw new Error(
        `This user may not use ${socket}: run \`sudo usermod -aG docker $USER\`, log in again, and retry.`,
      );
    }
    if (host !== DEFAULT_HOST)
      throw new Error(`No Docker engine answers at ${host}: start it, or correct the host.`);
  }
  if (!machine.canInstall()) {
    throw new Error(
      `No Docker engine answers at ${socket}: install and start Docker Engine (or Docker Desktop with its default ` +
        "socket allowed in Settings > Advanced), or run this as root on Debian or Ubuntu to have it installed.",
    );
  }
  if (!machine.has("dockerd")) await machine.install(ENGINE_PACKAGES, log);
  // Newer Debian releases package the command apart from the engine.
  if (!machine.has("docker")) await machine.install(["docker-cli"], log);
  log("Starting the Docker engine ...");
  await machine.start((within, hopeless) => becomesTrue(ping, within, hopeless));
}
