/** CPU time of containers, and of everything at Docker that works for them. */
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import Docker from "dockerode";

const docker = new Docker();

const DAEMONS = new Set([
  "dockerd",
  "containerd",
  "containerd-shim",
  "containerd-shim-runc-v2",
  "docker-containerd",
]);
/** The kernel cuts a process's name off here. */
const NAME_LENGTH = 15;
const NAMES = new Set([...DAEMONS].map((name) => name.slice(0, NAME_LENGTH)));
/** Clock ticks in a second, on every Linux that this runs on. */
const TICKS = 100;

/** User and system time of a process, seconds; 0 if it has ended. */
function processSeconds(pid: string): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const name = stat.slice(stat.indexOf("(") + 1, stat.lastIndexOf(")"));
    if (!NAMES.has(name)) return 0;
    // After the name come the third field and those that follow it; user and system time are the 14th and the 15th.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return (Number(fields[11]) + Number(fields[12])) / TICKS;
  } catch {
    return 0;
  }
}

const daemonSeconds = (): number =>
  readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .reduce((sum, pid) => sum + processSeconds(pid), 0);

/** CPU time of the containers since they started. */
export async function containerSeconds(ids: readonly string[]): Promise<number> {
  const stats = await Promise.all(
    ids.map((id) => docker.getContainer(id).stats({ stream: false, "one-shot": true })),
  );
  return stats.reduce((sum, { cpu_stats: { cpu_usage: usage } }) => sum + usage.total_usage / 1e9, 0);
}

/** CPU seconds that the containers and Docker take in so many seconds, each container's share. */
export async function cpuShare(ids: readonly string[], seconds: number): Promise<number> {
  const before = (await containerSeconds(ids)) + daemonSeconds();
  await sleep(seconds * 1000);
  const after = (await containerSeconds(ids)) + daemonSeconds();
  return (after - before) / ids.length;
}
