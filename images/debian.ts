import { existsSync } from "node:fs";
import { onPath } from "../system/on-path.ts";
import { run } from "../system/run.ts";
import type { Recipe } from "./recipe.ts";

/** The release that OpenClaw's own image is based on. */
const RELEASE = "bookworm";
const KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg";
const EXCLUDED = ["/usr/share/doc/*", "/usr/share/info/*", "/usr/share/locale/*", "/usr/share/man/*"];

/** The Debian packages that `makeRoot` needs. */
export const debianPackages = (): readonly string[] => [
  ...(onPath("mmdebstrap") ? [] : ["mmdebstrap"]),
  ...(existsSync(KEYRING) ? [] : ["debian-archive-keyring"]),
];

/** Lists apt's sources as lines of address and label. */
const INDEX_TARGETS = ["indextargets", "--format", "$(REPO_URI) $(LABEL)", "Identifier: Packages"];

/**
 * The sources of the release at the machine's own Debian mirrors.
 *
 * @returns an empty list if the machine has none, as on Ubuntu: mmdebstrap then uses Debian's own
 */
export function sourcesFrom(indexTargets: string): string[] {
  const mirror = (label: string) =>
    indexTargets
      .split("\n")
      .find((line) => line.endsWith(` ${label}`))
      ?.split(" ")[0];
  const [main, security] = [mirror("Debian"), mirror("Debian-Security")];
  if (main === undefined || security === undefined) return [];
  return [`deb ${main} ${RELEASE} main`, `deb ${security} ${RELEASE}-security main`];
}

/**
 * Writes a Debian root file system as a tar file.
 *
 * @param overlay a folder whose content is added to it before `finish` runs
 * @param scratch where it is assembled; on the same disk as the overlay, so that files can be linked
 */
export async function makeRoot(
  tar: string,
  { packages, finish }: Recipe,
  { overlay, scratch }: { overlay: string; scratch: string },
): Promise<void> {
  const sources = sourcesFrom(await run("apt-get", INDEX_TARGETS));
  await run(
    "unshare",
    [
      // In its own mount namespace, so that none of its mounts can outlive it.
      "--mount",
      "mmdebstrap",
      "--mode=root",
      "--variant=essential",
      `--include=${packages.join(",")}`,
      ...EXCLUDED.map((path) => `--dpkgopt=path-exclude=${path}`),
      // The permissions of staged files must not depend on the caller's umask.
      `--customize-hook=set -e; chmod -R go=u-w "$OVERLAY"; cp -rP --link "$OVERLAY/." "$1/"\n${finish}`,
      RELEASE,
      tar,
      ...sources,
    ],
    { env: { OVERLAY: overlay, TMPDIR: scratch }, apart: true },
  );
}
