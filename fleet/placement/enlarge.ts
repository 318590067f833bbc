/** Making servers larger: for what their own agents have come to need, and several at once for agents without a host. */
import type { Problem } from "../config/problem.ts";
import { type Bin, binsOf, binToOrder } from "./bin.ts";

import type { Market } from "./market.ts";
import type { PlacementHost } from "./placement-host.ts";
import { cheapestServer, type Purchase } from "./purchase.ts";
import { whyNotOn } from "./reasons.ts";
import { cheapestLarger, largerOffers, sumOf } from "./resize.ts";
import type { Assignment } from "./search.ts";
import { add, describeAmounts, fits } from "./sizing.ts";
import { overcommitted } from "./unschedulable.ts";

/** Why each server is made larger, by its name. */
export type Reasons = ReadonlyMap<string, string>;

export interface Enlarged {
  readonly hosts: readonly PlacementHost[];
  readonly reasons: Reasons;
  readonly problems: readonly Problem[];
}

const mayResize = ({ options }: PlacementHost): boolean => options.group.growth.includes("resize");

/** Hosts whose agents have come to need more than they hold. */
export function enlargeOvercommitted(existing: readonly PlacementHost[], { all }: Market): Enlarged {
  const reasons = new Map<string, string>();
  const problems: Problem[] = [];
  const hosts = existing.map((host) => {
    if (!host.isOvercommitted) return host;
    const to = mayResize(host) ? cheapestLarger(host, [], all) : undefined;
    if (to === undefined) {
      problems.push(overcommitted(host));
      return host;
    }
    reasons.set(host.name, `its agents need ${describeAmounts(host.used)}`);
    return host.resized(to);
  });
  return { hosts, reasons, problems };
}

/** Every host as it is and as it could become, and the first servers of groups that may only resize. */
export const growableBins = (hosts: readonly PlacementHost[], { all, firsts }: Market): Bin[] => [
  ...binsOf(hosts, (host) => (mayResize(host) ? largerOffers(host, all) : [])),
  ...[...Map.groupBy(firsts, ({ group }) => group.name)].map(([group, offers]) => binToOrder(offers, group)),
];

export interface Grown {
  readonly hosts: readonly PlacementHost[];
  readonly reasons: Reasons;
  readonly purchases: readonly Purchase[];
}

/** Servers as large as what is to be placed on them, with it on them. */
export function growInto(
  places: Assignment,
  hosts: readonly PlacementHost[],
  { all, firsts }: Market,
): Grown {
  const reasons = new Map<string, string>();
  const purchases: Purchase[] = [];
  const changed = new Map<PlacementHost, PlacementHost>();
  for (const [{ host }, agents] of places) {
    if (agents.length === 0) continue;
    if (host === undefined) {
      const offer = cheapestServer(agents, sumOf(agents), firsts);
      if (offer !== undefined) purchases.push({ offer, agents });
      continue;
    }
    const to = fits(add(host.used, sumOf(agents)), host.options.capacity)
      ? undefined
      : cheapestLarger(host, agents, all);
    const grown = to === undefined ? host : host.resized(to);
    if (to !== undefined) reasons.set(host.name, whyNotOn(agents, hosts, "no host"));
    for (const agent of agents) grown.place(agent);
    changed.set(host, grown);
  }
  return { hosts: hosts.map((host) => changed.get(host) ?? host), reasons, purchases };
}
