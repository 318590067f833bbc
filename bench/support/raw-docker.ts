/** The floor: the `docker` command, with exactly the flags that it takes. */
import pLimit from "p-limit";
import { LABELS } from "../../fleet/names.ts";
import { run } from "../../system/run.ts";
import { type Cell, IMAGE, MEMORY_MB, PIDS, TMPFS } from "../programs/cell.ts";

/** As many as the Pulumi CLI runs on two cores; more gain nothing here. */
const AT_A_TIME = 8;

export const docker = (...args: readonly string[]): Promise<string> => run("docker", args);

const flags = (name: string, values: Readonly<Record<string, string>>): string[] =>
  Object.entries(values).flatMap(([key, value]) => [`--${name}`, `${key}=${value}`]);

async function eachCell(cells: readonly Cell[], work: (cell: Cell) => Promise<void>): Promise<void> {
  const limit = pLimit(AT_A_TIME);
  await Promise.all(cells.map((cell) => limit(() => work(cell))));
}

export const createCells = (cells: readonly Cell[]): Promise<void> =>
  eachCell(cells, async ({ name, subnet, bridge, address, labels }) => {
    const labelFlags = flags("label", labels);
    await docker(
      "network",
      "create",
      "--internal",
      "--subnet",
      subnet,
      "--gateway",
      bridge,
      ...labelFlags,
      name,
    );
    await docker("volume", "create", ...labelFlags, name);
    await docker(
      ...["run", "--detach", "--name", name, "--network", name, "--ip", address, ...labelFlags],
      ...["--cap-drop", "ALL", "--security-opt", "no-new-privileges", "--read-only", "--init"],
      ...Object.entries(TMPFS).flatMap(([path, options]) => ["--tmpfs", `${path}:${options}`]),
      ...["--memory", `${MEMORY_MB}m`, "--memory-swap", `${MEMORY_MB}m`, "--pids-limit", String(PIDS)],
      ...["--log-driver", "json-file", "--log-opt", "max-file=3", "--log-opt", "max-size=10m"],
      ...["--restart", "unless-stopped", "--volume", `${name}:/data`, "--env", "TOKEN=none"],
      ...["--entrypoint", "sleep", IMAGE, "86400"],
    );
  });

export const removeCells = (cells: readonly Cell[]): Promise<void> =>
  eachCell(cells, async ({ name }) => {
    await docker("rm", "--force", name);
    await docker("network", "rm", name);
    await docker("volume", "rm", name);
  });

const listed = async (kind: readonly string[], stack: string): Promise<string[]> =>
  (await docker(...kind, "--quiet", "--filter", `label=${LABELS.stack}=${stack}`))
    .split("\n")
    .filter(Boolean);

/** Removes every object of a stack, whichever contender created it and however far it came. */
export async function sweep(stack: string): Promise<void> {
  const remove = async (list: readonly string[], ...command: readonly string[]): Promise<void> => {
    const names = await listed(list, stack);
    if (names.length > 0) await docker(...command, ...names);
  };
  await remove(["ps", "--all"], "rm", "--force");
  await remove(["network", "ls"], "network", "rm");
  await remove(["volume", "ls"], "volume", "rm");
}

/** Settings of a container that must not depend on the contender. */
const PROFILE = [
  "CapDrop",
  "Init",
  "LogConfig",
  "Memory",
  "MemorySwap",
  "PidsLimit",
  "ReadonlyRootfs",
  "RestartPolicy",
  "SecurityOpt",
  "Tmpfs",
] as const;

/**
 * The settings of a stack's containers as Docker has them; a fast contender might only have left something out.
 *
 * @throws unless so many run, all with the same settings
 */
export async function profileOf(stack: string, count: number): Promise<string> {
  const ids = await listed(["ps", "--filter", "status=running"], stack);
  if (ids.length !== count)
    throw new Error(`${stack} has ${ids.length} running containers instead of ${count}`);
  const found = JSON.parse(await docker("inspect", ...ids)) as { HostConfig: Record<string, unknown> }[];
  const profiles = new Set(
    found.map(({ HostConfig }) => JSON.stringify(PROFILE.map((key) => [key, HostConfig[key]]))),
  );
  const [profile] = profiles;
  if (profile === undefined || profiles.size > 1) throw new Error(`${stack}'s containers are not all alike`);
  return profile;
}
