import { spawn } from "node:child_process";
import { existsSync, openSync, readFileSync } from "node:fs";
import { OperatorError } from "./operator-error.ts";
import { lastLines, run } from "./run.ts";

const LOG_FILE = "/var/log/dockerd.log";

/** How long a daemon may take to respond after it was started. */
const SERVICE_TIMEOUT_MS = 20_000;
const DAEMON_TIMEOUT_MS = 60_000;

/** Starts dockerd so that it outlives this process; the returned function says whether it has ended already. */
const spawnDaemon = (): (() => boolean) => {
  const log = openSync(LOG_FILE, "w");
  const daemon = spawn("dockerd", { detached: true, stdio: ["ignore", log, log] });
  let failed = false;
  daemon.on("error", () => {
    failed = true;
  });
  daemon.unref();
  return () => failed || daemon.exitCode !== null;
};

/** How a machine starts services; tests substitute their own. */
export const realStarter = {
  hasSystemd: () => existsSync("/run/systemd/system"),
  run,
  spawnDaemon,
  daemonLog: () => readFileSync(LOG_FILE, "utf8"),
};

/**
 * Starts the installed Docker daemon the way this machine starts services, or directly if it has no service manager.
 *
 * @param responds waits so many milliseconds for the daemon, or until it is hopeless, and returns whether it responded
 * @throws OperatorError with the last lines of the daemon's log
 */
export async function startDocker(
  responds: (withinMs: number, isHopeless?: () => boolean) => Promise<boolean>,
  starter: typeof realStarter = realStarter,
): Promise<void> {
  if (starter.hasSystemd()) {
    try {
      await starter.run("systemctl", ["start", "docker"]);
      if (await responds(SERVICE_TIMEOUT_MS)) return;
    } catch {
      // The journal says more than systemctl does.
    }
    const journal = await starter.run("journalctl", ["--no-pager", "--unit", "docker", "--lines", "12"]);
    throw new OperatorError(`The Docker service does not start; its log ends with:\n${journal}`);
  }
  try {
    await starter.run("service", ["docker", "start"]);
    if (await responds(SERVICE_TIMEOUT_MS)) return;
  } catch {
    // No service manager, as in most containers.
  }
  if (await responds(DAEMON_TIMEOUT_MS, starter.spawnDaemon())) return;
  throw new OperatorError(
    `dockerd does not respond; ${LOG_FILE} ends with:\n${lastLines(starter.daemonLog())}`,
  );
}
