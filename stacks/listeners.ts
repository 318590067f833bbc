/** Who listens on the ports of this machine. */
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import type { HeldPort, Listener } from "../fleet/docker/inventory.ts";
import { parseListeners } from "../fleet/docker/listeners.ts";

const TABLES = ["/proc/net/tcp", "/proc/net/tcp6"];

/** What a file or a folder holds; empty where there is none, or it may not be read: a process may end at any time. */
function attempt<T>(read: () => T, otherwise: T): T {
  try {
    return read();
  } catch {
    return otherwise;
  }
}

const socketsOf = (pid: string): string[] =>
  attempt(() => readdirSync(`/proc/${pid}/fd`), []).flatMap((descriptor) => {
    const target = attempt(() => readlinkSync(`/proc/${pid}/fd/${descriptor}`), "");
    const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1];
    return inode === undefined ? [] : [inode];
  });

function describe(pid: string): Pick<HeldPort, "holder" | "container"> {
  const name = attempt(() => readFileSync(`/proc/${pid}/comm`, "utf8").trim(), "a process");
  const container = /\b[0-9a-f]{64}\b/.exec(
    attempt(() => readFileSync(`/proc/${pid}/cgroup`, "utf8"), ""),
  )?.[0];
  return {
    holder: `${name} (process ${pid})`,
    ...(container === undefined ? {} : { container }),
  };
}

/** Empty on a system without `/proc`, where nothing can be known. */
export function heldPorts(ports: ReadonlySet<number>): HeldPort[] {
  const listeners = TABLES.flatMap((table) => parseListeners(attempt(() => readFileSync(table, "utf8"), "")));
  const wanted: Listener[] = listeners.filter(({ port }) => ports.has(port));
  // Reading the descriptors of every process is slow, and pointless if none of the ports is in use.
  if (wanted.length === 0) return [];
  const holders = new Map<string, string>();
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    for (const inode of socketsOf(pid)) holders.set(inode, pid);
  }
  return wanted.map((listener) => {
    const pid = holders.get(listener.inode);
    return { ...listener, ...(pid === undefined ? {} : describe(pid)) };
  });
}
