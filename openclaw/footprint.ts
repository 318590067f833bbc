/** What a gateway's image needs to run at all: measured, because an agent with a limit below it dies at every start. */

/** In MiB, as `npm run footprint` measures them. */
export interface Footprint {
  /** The smallest limit under which the gateway starts and still has a tenth of it to spare. */
  readonly minimumMb: number;
  /** What each of several on a host holds when idle after its start: they share their image's pages. */
  readonly idleMb: number;
}

/** By repository and version; the newest first. */
const MEASURED = [
  { image: "openclaw/openclaw:2026.9.6", minimumMb: 704, idleMb: 572 },
] as const satisfies readonly (Footprint & { readonly image: string })[];

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
  const { minimumMb, idleMb } = measured(image) ?? MEASURED[0];
  return { minimumMb, idleMb };
}
