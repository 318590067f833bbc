/** What a gateway's image needs: measured, because a gateway whose limit is too small starts, and dies once it is used. */

/** In MiB, as `npm run footprint` measures them. */
export interface Footprint {
  /**
   * The smallest limit that was tried under which nothing was killed in a gateway's first turn, sent in the Control UI, with
   * logins during it.
   */
  readonly minimumMb: number;
  /** What each of several on a host holds when idle after its start: they share their image's pages. */
  readonly idleMb: number;
  /** The most that a gateway holds in its first turn, with the Control UI open. */
  readonly turnMb: number;
}

/** What else was measured of an image: for people, who find it in docs/sizing.md. */
interface Measurement extends Footprint {
  readonly image: string;
  /** The most that it holds while it starts, MiB. */
  readonly startMb: number;
  /** What a login adds, which is a second process in the container, MiB. */
  readonly loginMb: number;
  /** CPU time of an idle gateway, milliseconds a second. */
  readonly idleCpuMs: number;
}

/** By repository and version; the newest first. */
export const MEASURED = [
  {
    image: "openclaw/openclaw:2026.9.6",
    minimumMb: 1664,
    startMb: 688,
    idleMb: 568,
    turnMb: 1312,
    loginMb: 266,
    idleCpuMs: 23,
  },
] as const satisfies readonly Measurement[];

/** `openclaw/openclaw:2026.9.6` of that name with a registry before it, and a digest, a build date or a variant after it. */
const withoutVariant = (image: string): string =>
  image
    .replace(/@.*$/, "")
    .replace(/-r\d{8}(?=$|-)/, "")
    .split("/")
    .slice(-2)
    .join("/");

const measured = (image: string): Footprint | undefined =>
  MEASURED.find((footprint) => footprint.image === withoutVariant(image));

export const isMeasured = (image: string): boolean => measured(image) !== undefined;

/** Of an image that was not measured: the newest one that was. */
export function footprintOf(image: string): Footprint {
  const { minimumMb, idleMb, turnMb } = measured(image) ?? MEASURED[0];
  return { minimumMb, idleMb, turnMb };
}
