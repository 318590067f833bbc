/** What a plan changes of what exists, in words for whoever pays for it or lives on it. */
import { namesOf } from "../placement/growth.ts";
import type { Placement } from "../placement/place.ts";
import type { Fleet } from "../config/schema.ts";
import type { Registry } from "../placement/slots.ts";

export type ChangeKind =
  | "add-host"
  | "resize-host"
  | "retire-host"
  | "add-agent"
  | "move-agent"
  | "remove-agent";

export interface Change {
  readonly kind: ChangeKind;
  /** The host or the agent that changes. */
  readonly name: string;
  readonly text: string;
  /** More or less a month, net, where it costs something. */
  readonly monthly?: number;
}

const withSign = (amount: number): string => `${amount < 0 ? "-" : "+"}${Math.abs(amount).toFixed(2)}`;

/** Hosts first, then agents, each by name. */
export function changesOf(
  { growth, moves, slots, retired }: Placement,
  registry: Registry,
  fleet: Fleet,
): Change[] {
  const moved = new Map(moves.map((move) => [move.agent, move]));
  const hosts: Change[] = [
    ...growth.additions.map(
      ({ server, offer, agents }): Change => ({
        kind: "add-host",
        name: server,
        text: `adds host ${server} (${offer.serverType} in ${offer.location}, ${withSign(offer.monthly)} a month): no other host has room for ${namesOf(agents.map((name) => ({ name })))}`,
        monthly: offer.monthly,
      }),
    ),
    ...growth.resizes.map(
      ({ server, from, to, why }): Change => ({
        kind: "resize-host",
        name: server,
        text: `makes host ${server} a ${to.serverType} instead of a ${from.serverType} (${withSign(to.monthly - from.monthly)} a month; powered off for some minutes): ${why}`,
        monthly: to.monthly - from.monthly,
      }),
    ),
    ...retired.map(
      ({ server, monthly }): Change => ({
        kind: "retire-host",
        name: server,
        text: `deletes host ${server} (${withSign(-monthly)} a month): it is retired, and nobody lives on it; a data volume stays until you delete it`,
        monthly: -monthly,
      }),
    ),
  ];
  const agents: Change[] = Object.entries(slots).flatMap(([name, { host }]): Change[] => {
    const move = moved.get(name);
    if (move !== undefined)
      return [{ kind: "move-agent", name, text: `moves ${name} from ${move.from} to ${host}: ${move.why}` }];
    return Object.hasOwn(registry.agents, name)
      ? []
      : [{ kind: "add-agent", name, text: `adds ${name} on ${host}` }];
  });
  const gone: Change[] = Object.entries(registry.agents)
    .filter(([name]) => !Object.hasOwn(fleet.agents, name))
    .map(([name, { host }]) => ({
      kind: "remove-agent",
      name,
      text: `removes ${name} from ${host}; its data stays`,
    }));
  const byName = (a: Change, b: Change): number => (a.name < b.name ? -1 : 1);
  return [...hosts.toSorted(byName), ...[...agents, ...gone].toSorted(byName)];
}
