/**
 * Data volumes, which are as large as what is placed on them. A volume is sold apart from its server: it grows while the
 * server runs, and is never made smaller.
 */
import type { DataVolume, Offer } from "./offer.ts";
import { type Amounts, DISK } from "./sizing.ts";

/** Volumes are sold by the GB, from 10 GB on; steps of ten keep them round, and let most newcomers in without a change. */
export const VOLUME_STEP_GB = 10;

/** Hetzner sells no larger one. */
export const MOST_VOLUME_GB = 10_240;

/** Sums of decimal fractions must not cost a step. */
const EPSILON = 1e-9;

/** The smallest volume that holds so much. */
export const volumeGbFor = (gb: number): number =>
  Math.min(MOST_VOLUME_GB, Math.ceil(gb / VOLUME_STEP_GB - EPSILON) * VOLUME_STEP_GB);

/** What can be bought, with a volume of the size that it has at least. */
interface Sold {
  readonly monthly: number;
  readonly volume?: DataVolume | undefined;
}

/** What a volume that holds so much costs more a month than the one that is included in the price. */
export const extraFor = ({ volume }: Sold, diskGb: number): number =>
  volume === undefined ? 0 : Math.max(0, volumeGbFor(diskGb) - volume.sizeGb) * volume.perGb;

/** What it costs a month with a volume that holds so much. */
export const monthlyFor = (sold: Sold, diskGb: number): number => sold.monthly + extraFor(sold, diskGb);

/** What can be added to a box that holds so much before its price rises. */
export const freeOfCharge = ({ volume }: Sold, diskGb: number): number =>
  volume === undefined ? Infinity : Math.max(volume.sizeGb, volumeGbFor(diskGb)) - diskGb;

/** The offer with a volume that holds so much. */
export function withVolumeFor(offer: Offer, diskGb: number): Offer {
  const { volume, machine, costs } = offer;
  const extra = extraFor(offer, diskGb);
  const sizeGb = volumeGbFor(diskGb);
  return volume === undefined || sizeGb <= volume.sizeGb
    ? offer
    : {
        ...offer,
        volume: { ...volume, sizeGb },
        machine: { ...machine, dataGb: sizeGb },
        monthly: offer.monthly + extra,
        costs: { ...costs, volume: costs.volume + extra },
      };
}

/** The offer for a server that is of another now, and keeps its volume. */
export function keepingVolume(offer: Offer, now: Offer): Offer {
  if (now.volume === undefined || offer.volume !== undefined)
    return withVolumeFor(offer, now.volume?.sizeGb ?? 0);
  return {
    ...offer,
    volume: now.volume,
    machine: { ...offer.machine, dataGb: now.volume.sizeGb },
    capacity: offer.capacity.map((amount, dimension) =>
      dimension === DISK ? (now.capacity[DISK] ?? amount) : amount,
    ),
    monthly: offer.monthly + now.costs.volume,
    costs: { ...offer.costs, volume: now.costs.volume },
  };
}

/** What a host has for agents as it is now, its volume not grown. */
export const presentCapacity = (capacity: Amounts, volume: DataVolume | undefined): Amounts =>
  volume === undefined
    ? capacity
    : capacity.map((amount, dimension) => (dimension === DISK ? volume.sizeGb : amount));
