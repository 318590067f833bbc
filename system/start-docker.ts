import { spawn } from "node:child_process";
import { existsSync, openSync, readFileSync } from "node:fs";
import { lastLines, run } from "./run.ts";

const LOG = "/var/log/dockerd.log";

/** Milliseconds until an engine that was started must answer. */
const SERVICE_PATIENCE = 20_000;
const DAEMON_PATIENCE = 60_000;

/** Starts dockerd so that it outlives this process; the answer tells whether it has ended already. */
const spawnDaemon = (): (() => boolean) => {
  const log = openSync(LOG, "w");
  const daemon = spawn("dockerd", { detached: true, stdio: ["ignore", log, log] });
  let failed = false;
  daemon.on("error", () => {
    failed = true;
  });
  daemon.unref();
  return () => failed || daemon.exitCode !== null;
};

/** How a machine starts services; tests put their own in. */
export const realStarter = {
  hasSystemd: () => existsSync("/run/systemd/system"),
  run,
  spawnDaemon,
  daemonLog: () => readFileSync(LOG, "utf8"),
};

/**
 * Starts the installed Docker engine the way this machine starts services, or directly where it has no service manager.
 *
 * @param answers waits for the engine, for so many milliseconds and while there is hope, and gives whether it answered
 * @throws Error with the last lines of the engine's log
 */
export async function startEngine(
  answers: (within: number, hopeless?: () => boolean) => Promise<boolean>,
  starter: typeof realStarter = realStarter,
): Promise<void> {
  if (starter.hasSystemd()) {
    try {
      await starter.run("systemctl", ["start", "docker"]);
      if (await answers(SERVICE_PATIENCE)) return;
    } catch {
      // The journal says more than systemctl does.
    }
    const journal = await starter.run("journalctl", ["--no-pager", "--unit", "docker", "--lines", "12"]);
    throw new Error(`The Docker service does not start; its log ends with:\n${journal}`);
  }
  try {
    await starter.run("service", ["docker", "start"]);
    if (await answers(SERVICE_PATIENCE)) return;
  } catch {
    // No such service manager, as in most containers.
  }
  if (await answers(DAEMON_PATIENCE, starter.spawnDaemon())) return;
  throw new Error(`dockerd does not answer; ${LOG} ends with:\n${lastLines(starter.daemonLog())}`);
}
