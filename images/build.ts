import { chmod, mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import type Docker from "dockerode";
import { aptInstall, canInstall } from "../system/apt.ts";
import { OperatorError } from "../system/operator-error.ts";
import { endCommands } from "../system/run.ts";
import type { Log } from "../system/terminal.ts";
import { debianPackages, makeRoot } from "./debian.ts";
import { withProgress } from "./progress.ts";
import { BUILT_LABEL, type Recipe } from "./recipe.ts";
import { importImage } from "./transfer.ts";

/** On disk even if /tmp is in memory: the three images together take 4 GB while they are built. */
const TEMPORARY = process.env["TMPDIR"] ?? "/var/tmp";

interface Options {
  readonly docker: Docker;
  readonly log: Log;
}

/** Runs work with a temporary folder, which is removed afterwards, also after Ctrl-C. */
async function withFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(TEMPORARY, "agent-fleet-images-"));
  let stopped: NodeJS.Signals | undefined;
  const stop = (signal: NodeJS.Signals) => {
    stopped = signal;
    endCommands();
  };
  process.once("SIGINT", stop).once("SIGTERM", stop);
  try {
    // apt downloads as another user.
    await chmod(folder, 0o755);
    await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
    process.off("SIGINT", stop).off("SIGTERM", stop);
    if (stopped) process.kill(process.pid, stopped);
  }
}

async function build(name: string, recipe: Recipe, folder: string, docker: Docker): Promise<void> {
  const overlay = join(folder, "overlay");
  const scratch = join(folder, "scratch");
  const tar = join(folder, "root.tar");
  await mkdir(overlay, { recursive: true });
  await mkdir(scratch);
  await recipe.stage?.(overlay, scratch);
  await makeRoot(tar, recipe, { overlay, scratch });
  await importImage(docker, name, tar, [...recipe.settings, `LABEL ${BUILT_LABEL}`]);
}

/**
 * Builds images, by name, from package registries only, all at once.
 *
 * @throws OperatorError with the last lines of the command that failed; the other images are built nevertheless
 */
export async function buildAll(
  recipes: ReadonlyMap<string, Recipe>,
  { docker, log }: Options,
): Promise<void> {
  const names = new Set(recipes.keys());
  if (!canInstall()) {
    throw new OperatorError(
      `No container registry responds, and only root on Debian or Ubuntu can build ${[...names].join(", ")} from ` +
        "packages: run this there once, or load the images here with `docker save` and `docker load`.",
    );
  }
  const tools = new Set([...recipes.values()].flatMap((recipe) => recipe.tools));
  await aptInstall([...debianPackages(), ...tools], log);
  const one = async (name: string, recipe: Recipe, folder: string) => {
    let outcome = "Could not build";
    try {
      await build(name, recipe, folder, docker);
      outcome = "Built";
    } finally {
      names.delete(name);
      log(`${outcome} ${name}`);
    }
  };
  await withFolder((folder) =>
    withProgress({ doing: "building", names, log }, async () => {
      const builds = [...recipes].map(([name, recipe], index) =>
        one(name, recipe, join(folder, String(index))),
      );
      const failure = (await Promise.allSettled(builds)).find((result) => result.status === "rejected");
      if (failure) throw failure.reason;
    }),
  );
}
