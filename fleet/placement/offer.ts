import type { Amounts, Machine } from "./sizing.ts";
import type { AddressRanges } from "./slots.ts";

/** What placement knows of a key of `hosts`: one host, or a group of servers that are alike. */
export interface HostGroup {
  readonly name: string;
  readonly ranges: AddressRanges;
  /** What may be done for agents that do not fit. */
  readonly growth: readonly ("add" | "resize")[];
}

export interface DataVolume {
  readonly sizeGb: number;
  /** What a GB costs a month, net. */
  readonly perGb: number;
}

/** One server type in one location, as it is sold, with a data volume of one size. */
export interface ServerOffer {
  readonly serverType: string;
  readonly location: string;
  readonly architecture: "x86" | "arm";
  readonly machine: Machine;
  /** What it can hold, its data volume grown as far as that goes. */
  readonly capacity: Amounts;
  /** The machine's data volume; undefined where it has none. */
  readonly volume?: DataVolume | undefined;
  /** Its costs together, net, in the catalogue's currency. */
  readonly monthly: number;
  readonly costs: { readonly server: number; readonly volume: number; readonly address: number };
  /** Outgoing traffic that is included, TB a month. */
  readonly trafficTb: number;
}

/** What a group of servers could grow by. */
export interface Offer extends ServerOffer {
  readonly group: HostGroup;
}
