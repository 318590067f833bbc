/**
 * The file backend's lock, in the Pulumi CLI's own form, so that neither engine runs into the other.
 *
 * Unlike the CLI, a lock whose holder is dead is taken over: the file names the process, and on the same machine a look at
 * the process tells whether it still lives.
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

const isHolder = (value: unknown): value is Holder => {
  const {
    pid,
    username,
    hostname: host,
    timestamp,
  } = (value ?? {}) as Partial<Record<keyof Holder, unknown>>;
  return Number.isInteger(pid) && [username, host, timestamp].every((each) => typeof each === "string");
};

export class LockedError extends Error {
  override readonly name = "LockedError";
  constructor({ pid, username, hostname: host, timestamp }: Holder, file: string) {
    super(
      `Another run holds this stack: process ${pid} of ${username} on ${host}, since ${timestamp}. ` +
        `Wait for it. If it is certain that it is gone, remove ${file}.`,
    );
  }
}

/** When a process began, where the machine tells (Linux). A later process with the same number is not the holder. */
const startOf = (pid: number): number | undefined => {
  try {
    return statSync(`/proc/${pid}`).ctimeMs;
  } catch {
    return undefined;
  }
};

/** A process is listed a moment after it began, and clocks are read in different ways. */
const START_TOLERANCE_MS = 2_000;

function lives({ pid, hostname: host, timestamp }: Holder): boolean {
  // What runs on another machine cannot be seen from here.
  if (host !== hostname()) return true;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
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

/** Removes the locks of dead holders and returns the first living one. */
function sweep(directory: string, own?: string): { holder: Holder; file: string } | undefined {
  for (const name of readdirSync(directory).filter((each) => each.endsWith(".json") && each !== own)) {
    const file = join(directory, name);
    const holder = readHolder(file);
    if (holder !== undefined && lives(holder)) return { holder, file };
    rmSync(file, { force: true });
    rmSync(`${file}.attrs`, { force: true });
  }
  return undefined;
}

/**
 * Locks a stack; the returned function unlocks it.
 *
 * @throws LockedError while a living process holds it. Of two that start together, at most one goes on.
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
  // Written under another name first: a rival must never read half a lock and take it for a dead one.
  writeFileSync(join(directory, `${name}.new`), JSON.stringify(holder));
  renameSync(join(directory, `${name}.new`), file);
  const rival = sweep(directory, name);
  if (rival !== undefined) {
    rmSync(file, { force: true });
    throw new LockedError(rival.holder, rival.file);
  }
  return () => rmSync(file, { force: true });
}
