/** Why a fleet does not fit, with the numbers and what to do about it. */
import type { Problem } from "../config/problem.ts";
import type { Offer } from "./offer.ts";
import { type GrowthOption, namesOf } from "./options.ts";
import type { Candidate, PlacementHost } from "./placement-host.ts";
import { suitsOffer } from "./purchase.ts";
import { withRoomFor } from "./reasons.ts";
import { describeAmounts, fits } from "./sizing.ts";

/** A host whose agents have come to need more than it holds. */
export function overcommitted({ name, used, options }: PlacementHost): Problem {
  const { group, capacity, offer } = options;
  return {
    path: `hosts.${group.name}`,
    value: name,
    message: `its agents take ${describeAmounts(used)}; it has ${describeAmounts(capacity)}`,
    remedy:
      offer === undefined
        ? "make the agents' classes smaller, pin some to another host, or correct the host's memoryMb, cpus and diskGb"
        : 'make the agents\' classes smaller, pin some to another host, or allow "resize" in its growth',
  };
}

/** One problem for each kind of agent that fits nowhere, with the numbers. */
export function unschedulable(
  agents: readonly Candidate[],
  hosts: readonly PlacementHost[],
  offers: readonly Offer[],
  options: readonly GrowthOption[],
): Problem[] {
  const kinds = Map.groupBy(agents, ({ class: name, pin, location, isDedicated, antiAffinity }) =>
    JSON.stringify([name, pin, location, isDedicated, antiAffinity]),
  );
  return [...kinds.values()].flatMap(([agent, ...others]) =>
    agent === undefined ? [] : [problemOf(agent, others.length, hosts, offers, options)],
  );
}

function problemOf(
  agent: Candidate,
  others: number,
  hosts: readonly PlacementHost[],
  offers: readonly Offer[],
  options: readonly GrowthOption[],
): Problem {
  const open = hosts.filter((host) => !host.options.isDraining && host.suits(agent));
  const best = open.toSorted((a, b) => (b.free[0] ?? 0) - (a.free[0] ?? 0))[0];
  const largest = offers
    .filter((offer) => suitsOffer(agent, offer))
    .toSorted((a, b) => (b.capacity[0] ?? 0) - (a.capacity[0] ?? 0))[0];
  const tooLarge = largest !== undefined && !fits(agent.need, largest.capacity);
  const notAllowed = options.map(
    ({ what, monthly }) => `${what} (${monthly.toFixed(2)} a month) is not allowed by growth`,
  );
  const keptOut = whyKeptOut(agent, open);
  const full = open.length > 0 && open.every(({ freeSlots }) => freeSlots === 0) ? best : undefined;
  return {
    path: `agents.${agent.name}`,
    ...(others > 0 ? { value: `and ${others} more like it` } : {}),
    message: [
      ...(keptOut === undefined
        ? [
            `no capacity: an agent of class ${agent.class} takes ${describeAmounts(agent.need)}`,
            nearest(agent, best),
          ]
        : [`no place: ${keptOut}`]),
      ...(tooLarge
        ? [
            `the largest server that may be ordered, ${largest.serverType}, has ${describeAmounts(largest.capacity)}`,
          ]
        : []),
      ...notAllowed,
    ].join("; "),
    remedy:
      keptOut === undefined || notAllowed.length > 0
        ? remedyFor(full, notAllowed.length > 0, tooLarge)
        : "add a host, or change antiAffinity or isolation of one of them",
  };
}

function nearest(agent: Candidate, best: PlacementHost | undefined): string {
  if (best === undefined) {
    return agent.pin === undefined
      ? "the fleet has no host for it"
      : `there is no host ${agent.pin} that accepts it`;
  }
  return `${best.name} has most to spare: ${describeAmounts(best.free)}, ${best.freeSlots} slots`;
}

/** Where hosts have room, but for the sake of others not for this agent. */
function whyKeptOut(agent: Candidate, hosts: readonly PlacementHost[]): string | undefined {
  const roomy = withRoomFor(agent, hosts);
  if (roomy.length === 0 || roomy.some((host) => host.tolerates(agent))) return undefined;
  const reasons = roomy.map((host) => {
    const dedicated = host.agents.find(({ isDedicated }) => isDedicated);
    if (dedicated !== undefined) return `${host.name} is for ${dedicated.name} alone (isolation: dedicated)`;
    if (agent.isDedicated)
      return `it is to be alone (isolation: dedicated), and ${host.name} has ${namesOf(host.agents)}`;
    const other = host.agents.find(({ antiAffinity }) => antiAffinity === agent.antiAffinity);
    return `${host.name} has ${other?.name} with the same antiAffinity, ${agent.antiAffinity}`;
  });
  const [first, second, ...more] = reasons;
  return [first, second, more.length > 0 ? `and so on for ${more.length} more` : undefined]
    .filter((reason) => reason !== undefined)
    .join("; ");
}

function remedyFor(full: PlacementHost | undefined, isNotAllowed: boolean, isTooLarge: boolean): string {
  if (full !== undefined)
    return `append a range to hosts.${full.options.group.name}.ports, such as 19000-19999 (and widen subnets from the same first address), add a host, or remove agents in an update of their own: their slots are free after it`;
  if (isNotAllowed) return "allow one of these in hosts.*.growth, use a smaller class, or remove agents";
  if (isTooLarge) return "use a smaller class, or allow larger families in hosts.*.families";
  return "add a host, use a smaller class, or remove agents";
}
