/** Why a fleet does not fit, with the numbers and what to do about it. */
import type { Problem } from "../config/problem.ts";
import { describeAmounts, fits } from "./sizing.ts";
import type { GrowthOption } from "./growth.ts";
import type { Offer } from "./offers.ts";
import { suitsOffer } from "./purchase.ts";
import type { Candidate, Site } from "./placement-host.ts";

/** A host whose agents have become more than it holds. */
export function overcommitted(site: Site): Problem {
  return {
    path: `hosts.${site.options.entry}`,
    value: site.name,
    message: `its agents take ${describeAmounts(site.used)}; it has ${describeAmounts(site.options.capacity)}`,
    remedy:
      site.options.offer === undefined
        ? "make the agents' classes smaller, pin some to another host, or correct the host's memoryMb, cpus and diskGb"
        : 'make the agents\' classes smaller, pin some to another host, or allow "resize" in its growth',
  };
}

/** One problem for each kind of agent that nothing holds, with the numbers. */
export function unschedulable(
  agents: readonly Candidate[],
  sites: readonly Site[],
  offers: readonly Offer[],
  options: readonly GrowthOption[],
): Problem[] {
  const kinds = Map.groupBy(agents, ({ class: name, pin, location, isDedicated, spread }) =>
    JSON.stringify([name, pin, location, isDedicated, spread]),
  );
  return [...kinds.values()].map((alike) => {
    const agent = alike[0] as Candidate;
    const open = sites.filter((site) => !site.options.isDraining && site.suits(agent));
    const best = open.toSorted((a, b) => (b.free[0] ?? 0) - (a.free[0] ?? 0))[0];
    const nearest =
      best === undefined
        ? agent.pin === undefined
          ? "the fleet has no host for it"
          : `there is no host ${agent.pin} that takes it`
        : `${best.name} has most to spare: ${describeAmounts(best.free)}, ${best.freeSlots} slots${best.tolerates(agent) ? "" : ", but not beside its agents"}`;
    const largest = offers
      .filter((offer) => suitsOffer(agent, offer))
      .toSorted((a, b) => (b.capacity[0] ?? 0) - (a.capacity[0] ?? 0))[0];
    const tooLarge = largest !== undefined && !fits(agent.need, largest.capacity);
    const notAllowed = options.map(
      ({ what, monthly }) => `${what} (${monthly.toFixed(2)} a month) is not allowed by growth`,
    );
    const full = open.length > 0 && open.every(({ freeSlots }) => freeSlots === 0) ? best : undefined;
    return {
      path: `agents.${agent.name}`,
      ...(alike.length > 1 ? { value: `and ${alike.length - 1} more like it` } : {}),
      message: [
        `no room: an agent of class ${agent.class} takes ${describeAmounts(agent.need)}`,
        nearest,
        ...(tooLarge
          ? [
              `the largest server that may be rented, ${largest.serverType}, has ${describeAmounts(largest.capacity)}`,
            ]
          : []),
        ...notAllowed,
      ].join("; "),
      remedy: remedyFor(full, notAllowed.length > 0, tooLarge),
    };
  });
}

function remedyFor(full: Site | undefined, isNotAllowed: boolean, isTooLarge: boolean): string {
  if (full !== undefined)
    return `append a range to hosts.${full.options.entry}.ports, such as 19000-19999 (and widen subnets from the same first address), add a host, or remove agents in an update of their own: their slots are free after it`;
  if (isNotAllowed) return "allow one of these in hosts.*.growth, use a smaller class, or remove agents";
  if (isTooLarge) return "use a smaller class, or allow larger families in hosts.*.families";
  return "add a host, use a smaller class, or remove agents";
}
