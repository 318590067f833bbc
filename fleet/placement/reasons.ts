/** Why agents are on none of the hosts that there are. */
import { namesOf } from "./options.ts";
import type { Candidate, PlacementHost } from "./placement-host.ts";
import { fits } from "./sizing.ts";

/** Hosts that have what the agent takes, and that its pin and location allow. */
export const withRoomFor = (agent: Candidate, hosts: readonly PlacementHost[]): PlacementHost[] =>
  hosts.filter(
    (host) =>
      !host.options.isDraining && host.freeSlots > 0 && host.suits(agent) && fits(agent.need, host.free),
  );

/** Whether it is for the sake of others, and not for want of room, that the agent is on none of the hosts. */
export function isKeptOut(agent: Candidate, hosts: readonly PlacementHost[]): boolean {
  if (agent.antiAffinity === undefined && !agent.isDedicated) return false;
  const roomy = withRoomFor(agent, hosts);
  return roomy.length > 0 && !roomy.some((host) => host.tolerates(agent));
}

/** `no other host has capacity for a, b; antiAffinity x keeps c from the hosts that have`. */
export function whyNotOn(
  agents: readonly Candidate[],
  hosts: readonly PlacementHost[],
  noHost: string,
): string {
  const kinds = Map.groupBy(agents, (agent) => {
    if (!isKeptOut(agent, hosts)) return "capacity";
    return agent.isDedicated ? "isolation" : `antiAffinity ${agent.antiAffinity}`;
  });
  const texts = [...kinds].map(([reason, kept]) => {
    if (reason === "capacity") return `${noHost} has capacity for ${namesOf(kept)}`;
    return reason === "isolation"
      ? `${namesOf(kept)} ${kept.length === 1 ? "is" : "are"} to be alone on ${kept.length === 1 ? "its host" : "their hosts"}`
      : `${reason} keeps ${namesOf(kept)} from the hosts with capacity`;
  });
  return texts.join("; ");
}
