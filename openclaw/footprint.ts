/** What a gateway's image needs to run at all: measured, because a limit below it is an agent that dies at every start. */

/** In MiB, as `npm run footprint` measures them. */
export interface Footprint {
  /** The smallest limit under which the gateway starts, and then has a tenth of it to spare. */
  readonly minimumMb: number;
  /** What each of several on a host holds when they have started and nobody talks to them: they share their image's pages. */
  readonly idleMb: number;
}

export interface MeasuredFootprint extends Footprint {
  /** The most that it holds while it starts. */
  readonly bootPeakMb: number;
}

/** By repository and version. */
const MEASURED: Readonly<Record<string, MeasuredFootprint>> = {
  "openclaw/openclaw:2026.9.6": { minimumMb: 704, idleMb: 572, bootPeakMb: 742 },
};

const NEWEST = Object.values(MEASURED).at(-1) as Footprint;

/** `openclaw/openclaw:2026.9.6` of that with a registry before it and a digest or a variant after it. */
const versionOf = (image: string): string =>
  image
    .replace(/@.*$/, "")
    .replace(/-r\d{8}(?=$|-)/, "")
    .split("/")
    .slice(-2)
    .join("/");

export const isMeasured = (image: string): boolean => Object.hasOwn(MEASURED, versionOf(image));

/** Of an image that was not measured: the newest one that was. */
export const footprintOf = (image: string): Footprint => MEASURED[versionOf(image)] ?? NEWEST;
