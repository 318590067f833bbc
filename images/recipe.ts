/** How one image is put together from packages. */
export interface Recipe {
  /** Debian packages on top of the essential ones. */
  readonly packages: readonly string[];
  /** Shell commands that finish the root file system; it is at `$1`. */
  readonly finish: string;
  /** The image's settings, as Dockerfile instructions. */
  readonly settings: readonly string[];
  /**
   * Fetches what Debian does not have.
   *
   * @param root a folder whose content is laid over the root file system
   * @param scratch a folder for caches; it does not end up in the image
   */
  stage?(root: string, scratch: string): Promise<void>;
}

/** On every image that was built here instead of pulled. */
export const BUILT_LABEL = "agent-fleet.built-from=packages";

/**
 * The version in an image's tag, without its variant: `2026.9.6` in `openclaw/openclaw:2026.9.6-slim`.
 *
 * @throws Error for a digest or a moving tag, which no package version matches.
 */
export function versionOf(image: string): string {
  const version = /:v?(\d+\.\d+(?:\.\d+)?)[^/:@]*$/.exec(image)?.[1];
  if (version === undefined) {
    throw new Error(
      `No container registry answers, and ${image} cannot be built from packages: name it by a version tag.`,
    );
  }
  return version;
}
