/**
 * How large the hosts are drawn. All boxes are of one width and have one scale, so that heights and areas can be compared
 * across the page; the scale follows the usual host, so that one giant does not flatten all others.
 */
import type { HostReport, PlanReport } from "../report.ts";

export type Density = "large" | "medium" | "small";

interface Drawing {
  readonly density: Density;
  /** Hosts at most. */
  readonly upTo: number;
  /** Heights in pixels: of the usual host's box at least, and of the usual agent's layer if that needs more. */
  readonly box: number;
  readonly layer: number;
  /** What the largest host may take. */
  readonly tallest: number;
  /** The lowest layer that a name can be read in. */
  readonly label: number;
}

const DRAWINGS: readonly Drawing[] = [
  { density: "large", upTo: 3, box: 240, layer: 24, tallest: 900, label: 18 },
  { density: "medium", upTo: 30, box: 180, layer: 17, tallest: 900, label: 14 },
];
const SMALLEST: Drawing = {
  density: "small",
  upTo: Infinity,
  box: 84,
  layer: 6,
  tallest: 400,
  label: 16,
};

export interface Scale extends Pick<Drawing, "density" | "label"> {
  readonly pixelsPerMb: number;
}

function usual(amounts: readonly number[]): number | undefined {
  const sorted = amounts.filter((amount) => amount > 0).toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

/** The memory that a host's box represents, MiB: what it can give, or more where its agents take more. */
export const boxMb = ({ use: { memory } }: HostReport): number => Math.max(memory.of ?? 0, memory.used);

export function scaleOf({ hosts, agents }: PlanReport): Scale {
  const boxes = Object.values(hosts).map(boxMb);
  const { density, label, box, layer, tallest } =
    DRAWINGS.find(({ upTo }) => boxes.length <= upTo) ?? SMALLEST;
  const reservations = Object.values(agents).map(({ reservationMb }) => reservationMb);
  const wanted = Math.max(box / (usual(boxes) ?? Infinity), layer / (usual(reservations) ?? Infinity));
  const largest = Math.max(0, ...boxes);
  return { density, label, pixelsPerMb: largest === 0 ? 0 : Math.min(wanted, tallest / largest) };
}

/** To a hundredth, which is finer than any screen. */
export const pixels = (mebibytes: number, { pixelsPerMb }: Scale): number =>
  Math.round(mebibytes * pixelsPerMb * 100) / 100;
