/** A host's memory, simulated: a control group for containers with the host's memory as its limit. */
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = "/sys/fs/cgroup";
const FIRST_VERSION = join(ROOT, "memory");
const MIB = 2 ** 20;

export interface MemoryGroup {
  /** Docker's `CgroupParent`. */
  readonly parent: string;
  /** Processes that were killed because the group's memory had run out. */
  kills(): number;
  /** Once its containers are gone. */
  remove(): void;
}

/**
 * Needs root, and a Docker daemon that manages control groups itself (its `cgroupfs` driver).
 *
 * @throws where the kernel refuses it
 */
export function createMemoryGroup(name: string, memoryMb: number): MemoryGroup {
  const isFirst = existsSync(FIRST_VERSION);
  const folder = join(isFirst ? FIRST_VERSION : ROOT, name);
  const set = (file: string, value: number): void => writeFileSync(join(folder, file), String(value));
  mkdirSync(folder, { recursive: true });
  if (isFirst) {
    set("memory.use_hierarchy", 1);
    set("memory.limit_in_bytes", memoryMb * MIB);
    set("memory.memsw.limit_in_bytes", memoryMb * MIB);
  } else {
    set("memory.max", memoryMb * MIB);
    set("memory.swap.max", 0);
  }
  const events = join(folder, isFirst ? "memory.oom_control" : "memory.events");
  return {
    parent: `/${name}`,
    kills: () => Number(/^oom_kill (\d+)$/m.exec(readFileSync(events, "utf8"))?.[1] ?? 0),
    remove: () => rmdirSync(folder),
  };
}
