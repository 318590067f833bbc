/** What the fleet costs a month. */
import type { Catalogue } from "../hosts/hetzner/catalogue.ts";
import { modelSpend, type Spend } from "./model-spend.ts";
import type { Site } from "../placement/placement-host.ts";
import type { Fleet } from "../config/schema.ts";

export interface Costs {
  /** Of everything but the models. */
  readonly currency: string;
  /** The day that the prices were true on. */
  readonly pricesOf: string;
  /** Net, a month. */
  readonly servers: number;
  readonly volumes: number;
  readonly addresses: number;
  readonly monthly: number;
  /** Outgoing traffic that the servers include, TB a month. */
  readonly trafficTb: number;
  /** Of the agents that say how much they are used. An estimate. */
  readonly models: {
    readonly currency: "USD";
    readonly isEstimate: true;
    readonly low: number;
    readonly high: number;
    readonly agents: Readonly<Record<string, Spend>>;
  };
}

/** Cents are what anybody pays; sums of binary fractions are not. */
const cents = (amount: number): number => Math.round(amount * 100) / 100;

export function costsOf(sites: readonly Site[], fleet: Fleet, catalogue: Catalogue): Costs {
  const offers = sites.flatMap(({ options: { offer } }) => (offer === undefined ? [] : [offer]));
  const sum = (part: "server" | "volume" | "address"): number =>
    cents(offers.reduce((total, { costs }) => total + costs[part], 0));
  const spends = Object.entries(fleet.agents).flatMap(([name, { usage }]) =>
    usage === undefined ? [] : [[name, modelSpend(usage)] as const],
  );
  const edge = (of: "low" | "high"): number =>
    cents(spends.reduce((total, [, spend]) => total + spend[of], 0));
  return {
    currency: catalogue.currency,
    pricesOf: catalogue.date,
    servers: sum("server"),
    volumes: sum("volume"),
    addresses: sum("address"),
    monthly: cents(offers.reduce((total, { monthly }) => total + monthly, 0)),
    trafficTb: offers.reduce((total, { trafficTb }) => total + trafficTb, 0),
    models: {
      currency: "USD",
      isEstimate: true,
      low: edge("low"),
      high: edge("high"),
      agents: Object.fromEntries(
        spends.map(([name, { low, high }]) => [name, { low: cents(low), high: cents(high) }]),
      ),
    },
  };
}
