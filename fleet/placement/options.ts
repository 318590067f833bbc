/** The ways in which a fleet could grow, for its operator to compare. */
import { abbreviate } from "../text.ts";
import type { Offer } from "./offer.ts";
import type { PlacementHost } from "./placement-host.ts";
import type { Purchase } from "./purchase.ts";

export interface Resize {
  readonly server: string;
  readonly from: Offer;
  readonly to: Offer;
  readonly why: string;
}

/** One way to make capacity for agents that do not fit. */
export interface GrowthOption {
  readonly kind: "add" | "resize";
  /** In words: `add 1 cx33 in fsn1`. */
  readonly what: string;
  /** More a month, net. */
  readonly monthly: number;
  readonly downtime: string;
  readonly allowed: boolean;
  readonly chosen: boolean;
}

/** A server that would hold the agents if it were of another type. */
export interface PossibleResize {
  readonly host: PlacementHost;
  readonly from: Offer;
  readonly to: Offer;
  /** More a month. */
  readonly monthly: number;
  readonly allowed: boolean;
}

export const priceOf = (purchases: readonly Purchase[]): number =>
  purchases.reduce((total, { offer }) => total + offer.monthly, 0);

export const namesOf = (agents: readonly { readonly name: string }[]): string =>
  abbreviate(agents.map(({ name }) => name));

function describePurchases(purchases: readonly Purchase[]): string {
  const kinds = Map.groupBy(purchases, ({ offer }) => `${offer.serverType} in ${offer.location}`);
  return `add ${[...kinds].map(([kind, { length }]) => `${length} ${kind}`).join(", ")}`;
}

export const addOption = (
  purchases: readonly Purchase[],
  allowed: boolean,
  chosen: boolean,
): GrowthOption => ({
  kind: "add",
  what: describePurchases(purchases),
  monthly: priceOf(purchases),
  downtime: "none",
  allowed,
  chosen,
});

export const resizeOption = (
  { host, to, monthly, allowed }: PossibleResize,
  chosen: boolean,
): GrowthOption => ({
  kind: "resize",
  what: `make ${host.name} a ${to.serverType}`,
  monthly,
  downtime: "some minutes for every agent on it: power-off, change, start",
  allowed,
  chosen,
});
