import { OperatorError } from "../system/operator-error.ts";

/** How an image is built from packages. */
export interface Recipe {
  /** Debian packages on top of the essential ones. */
  readonly packages: readonly string[];
  /** Debian packages that building needs on this machine. */
  readonly tools: readonly string[];
  /** Shell commands that complete the root file system at `$1`. */
  readonly finish: string;
  /** The image's settings, as Dockerfile instructions. */
  readonly settings: readonly string[];
  /**
   * Downloads what Debian does not have.
   *
   * @param root a folder whose content is added to the root file system
   * @param scratch a folder for caches, which is not part of the image
   */
  stage?(root: string, scratch: string): Promise<void>;
}

/** On every image that was built instead of pulled. */
export const BUILT_LABEL = "agent-fleet.built-from=packages";

/**
 * The version in an image's tag, without its variant: `2026.9.6` in `openclaw/openclaw:2026.9.6-slim`.
 *
 * @throws OperatorError for a digest or a tag such as `latest`, which no package version matches
 */
export function versionOf(image: string): string {
  const version = /:v?(\d+\.\d+(?:\.\d+)?)[^/:@]*$/.exec(image)?.[1];
  if (version === undefined) {
    throw new OperatorError(
      `No container registry responds, and ${image} cannot be built from packages: use a version tag.`,
    );
  }
  return version;
}
