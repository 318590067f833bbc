/** How full a host is, dimension by dimension. */

import { DIMENSIONS, type DimensionName } from "../../fleet/placement/sizing.ts";
import type { HostReport, Use } from "../report.ts";
import { count, gib, percent, rounded } from "./words.ts";

interface Wording {
  readonly label: string;
  /** Where there is little space. */
  readonly short: string;
  readonly unit: string;
  readonly show: (amount: number) => string;
}

export const WORDINGS: Readonly<Record<DimensionName, Wording>> = {
  memory: { label: "memory", short: "mem", unit: " GiB", show: gib },
  memoryLimits: { label: "memory limits", short: "limits", unit: " GiB", show: gib },
  cpus: { label: "CPUs", short: "CPUs", unit: "", show: rounded },
  disk: { label: "disk", short: "disk", unit: " GB", show: rounded },
  agents: { label: "agents", short: "agents", unit: "", show: count },
};

export interface Utilization {
  readonly name: DimensionName;
  readonly use: Use;
  /** 1 is full; null where no limit is known. */
  readonly share: number | null;
  readonly isBottleneck: boolean;
}

function shareOf({ used, of }: Use): number | null {
  if (of === null) return null;
  return of > 0 ? used / of : Number(used > 0);
}

/** In every dimension. None is the bottleneck on a host that holds nothing, or of which nothing is known. */
export function utilizationsOf({ use }: HostReport): Utilization[] {
  const shares = DIMENSIONS.map(({ name }) => ({ name, use: use[name], share: shareOf(use[name]) }));
  const most = Math.max(0, ...shares.map(({ share }) => share ?? 0));
  const bottleneck = most === 0 ? undefined : shares.find(({ share }) => share === most)?.name;
  return shares.map((utilization) => ({ ...utilization, isBottleneck: utilization.name === bottleneck }));
}

export const bottleneckOf = (host: HostReport): Utilization | undefined =>
  utilizationsOf(host).find(({ isBottleneck }) => isBottleneck);

/** `9 of 12 GiB`. */
export function amountsOf(name: DimensionName, { used, of }: Use): string {
  const { unit, show } = WORDINGS[name];
  return of === null ? `${show(used)}${unit}, limit not known` : `${show(used)} of ${show(of)}${unit}`;
}

export const shareText = (share: number | null): string => (share === null ? "–" : percent(share));

/** From here on a host is drawn as full. */
const FULL_FROM = 0.9;

export const levelOf = (share: number | null): "over" | "full" | "free" =>
  share === null || share < FULL_FROM ? "free" : share > 1 ? "over" : "full";

/** A bar's length, as its style. */
export const barOf = (share: number | null): string =>
  `--u:${Math.round(Math.min(1, share ?? 0) * 1000) / 10}%`;
