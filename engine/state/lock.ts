/**
 * The file backend's lock, in the Pulumi CLI's own format, so that neither engine runs while the other does.
 *
 * Unlike with the CLI, a lock whose holder is dead is taken over: the file names the process, and whether that process is alive
 * can be checked on the same machine.
 */
import { randomUUID } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { hostname, userInfo } from "node:os";
import { join } from "node:path";

interface Holder {
  readonly pid: number;
  readonly username: string;
  readonly hostname: string;
  readonly timestamp: string;
}

const isHolder = (value: unknown): value is Holder =>
  typeof value === "object" &&
  value !== null &&
  "pid" in value &&
  Number.isInteger(value.pid) &&
  "username" in value &&
  typeof value.username === "string" &&
  "hostname" in value &&
  typeof value.hostname === "string" &&
  "timestamp" in value &&
  typeof value.timestamp === "string";

export class LockedError extends Error {
  override readonly name = "LockedError";
  constructor({ pid, username, hostname: host, timestamp }: Holder, file: string) {
    super(
      `Another run holds this stack: process ${pid} of ${username} on ${host}, since ${timestamp}. ` +
        `Wait for it to end. If you are certain that it is dead, remove ${file}.`,
    );
  }
}

/** When a process started, where the system shows it (Linux). A later process with the same number is not the holder. */
const startOf = (pid: number): number | undefined => {
  try {
    return statSync(`/proc/${pid}`).ctimeMs;
  } catch {
    return undefined;
  }
};

/** A process is listed a moment after it starts, and the two times come from different clocks. */
const START_TOLERANCE_MS = 2_000;

function isAlive({ pid, hostname: host, timestamp }: Holder): boolean {
  // A process on another machine cannot be checked.
  if (host !== hostname()) return true;
  try {
    process.kill(pid, 0);
  } catch (error) {
    // The process exists but belongs to another user.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
  const start = startOf(pid);
  return start === undefined || start <= Date.parse(timestamp) + START_TOLERANCE_MS;
}

const readHolder = (file: string): Holder | undefined => {
  try {
    const holder: unknown = JSON.parse(readFileSync(file, "utf8"));
    return isHolder(holder) ? holder : undefined;
  } catch {
    return undefined;
  }
};

/** Removes the locks of dead holders and returns the first live one. */
function sweep(directory: string, own?: string): { holder: Holder; file: string } | undefined {
  for (const name of readdirSync(directory).filter((each) => each.endsWith(".json") && each !== own)) {
    const file = join(directory, name);
    const holder = readHolder(file);
    if (holder !== undefined && isAlive(holder)) return { holder, file };
    rmSync(file, { force: true });
    rmSync(`${file}.attrs`, { force: true });
  }
  return undefined;
}

/**
 * Locks a stack; the returned function unlocks it.
 *
 * @throws LockedError while a live process holds it. Of two that start together, at most one continues.
 */
export function lock(directory: string): () => void {
  mkdirSync(directory, { recursive: true });
  const before = sweep(directory);
  if (before !== undefined) throw new LockedError(before.holder, before.file);
  const name = `${randomUUID()}.json`;
  const file = join(directory, name);
  const holder: Holder = {
    pid: process.pid,
    username: userInfo().username,
    hostname: hostname(),
    timestamp: new Date().toISOString(),
  };
  // Written under another name first: a rival must never read half a lock and take it for one of a dead holder.
  writeFileSync(join(directory, `${name}.new`), JSON.stringify(holder));
  renameSync(join(directory, `${name}.new`), file);
  const rival = sweep(directory, name);
  if (rival !== undefined) {
    rmSync(file, { force: true });
    throw new LockedError(rival.holder, rival.file);
  }
  return () => rmSync(file, { force: true });
}
