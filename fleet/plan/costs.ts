/** What the fleet costs a month. */
import type { Fleet } from "../config/fleet.ts";
import type { Catalogue } from "../hosts/hetzner/catalogue.ts";
import { modelSpend, type Spend } from "./model-spend.ts";
import type { HostPlan } from "./types.ts";

export interface Costs {
  /** Of everything except the models. */
  readonly currency: string;
  /** The day of the prices. */
  readonly pricesOf: string;
  /** Net, a month. */
  readonly servers: number;
  readonly volumes: number;
  readonly addresses: number;
  readonly monthly: number;
  /** Outgoing traffic that the servers include, TB a month. */
  readonly trafficTb: number;
  /** Of the agents whose use is configured. An estimate. */
  readonly models: {
    readonly currency: "USD";
    readonly isEstimate: true;
    readonly low: number;
    readonly high: number;
    readonly agents: Readonly<Record<string, Spend>>;
  };
}

/** Cents are what is paid; sums of binary fractions are not. */
const cents = (amount: number): number => Math.round(amount * 100) / 100;

export function costsOf(hosts: readonly HostPlan[], { agents }: Fleet, catalogue: Catalogue): Costs {
  const offers = hosts.flatMap(({ offer }) => (offer === undefined ? [] : [offer]));
  const sum = (part: "server" | "volume" | "address"): number =>
    cents(offers.reduce((total, { costs }) => total + costs[part], 0));
  const spends = agents.flatMap(({ name, settings: { usage } }) =>
    usage === undefined ? [] : [[name, modelSpend(usage)] as const],
  );
  const total = (edge: "low" | "high"): number =>
    cents(spends.reduce((sumSoFar, [, spend]) => sumSoFar + spend[edge], 0));
  return {
    currency: catalogue.currency,
    pricesOf: catalogue.date,
    servers: sum("server"),
    volumes: sum("volume"),
    addresses: sum("address"),
    monthly: cents(offers.reduce((sumSoFar, { monthly }) => sumSoFar + monthly, 0)),
    trafficTb: offers.reduce((sumSoFar, { trafficTb }) => sumSoFar + trafficTb, 0),
    models: {
      currency: "USD",
      isEstimate: true,
      low: total("low"),
      high: total("high"),
      agents: Object.fromEntries(
        spends.map(([name, { low, high }]) => [name, { low: cents(low), high: cents(high) }]),
      ),
    },
  };
}
