import { readFileSync } from "node:fs";
import { run } from "./run.ts";
import type { Log } from "./terminal.ts";

/** Whether a text in the form of /etc/os-release describes Debian, Ubuntu or a distribution derived from them. */
export function isDebianFamily(osRelease: string): boolean {
  const names = [...osRelease.matchAll(/^ID(?:_LIKE)?=(.*)$/gm)].flatMap(([, value = ""]) =>
    value.replaceAll(/["']/g, "").split(/\s+/),
  );
  return names.includes("debian") || names.includes("ubuntu");
}

/** Whether this machine's packages come from apt and this process may install them. */
export function canInstall(): boolean {
  try {
    return process.getuid?.() === 0 && isDebianFamily(readFileSync("/etc/os-release", "utf8"));
  } catch {
    return false;
  }
}

/** Installs Debian packages; waits for another apt that holds the lock. */
export async function aptInstall(packages: readonly string[], log: Log): Promise<void> {
  if (packages.length === 0) return;
  log(`Installing ${packages.join(", ")} with apt ...`);
  const apt = (...args: string[]) =>
    run("apt-get", ["-o", "DPkg::Lock::Timeout=120", ...args], {
      env: { DEBIAN_FRONTEND: "noninteractive" },
    });
  // One source that does not respond fails the update, though the packages may come from another.
  await apt("update").catch(() => log("Some apt sources do not respond; continuing with the others"));
  await apt("install", "--yes", "--no-install-recommends", ...packages);
}
