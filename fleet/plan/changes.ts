/** What a plan changes of what exists, in words for those who pay for it or use it. */
import type { Placement } from "../placement/place.ts";
import type { Registry } from "../registry.ts";
import { byName, list } from "../text.ts";
import type { AgentPlan } from "./types.ts";

export type ChangeKind =
  | "add-host"
  | "resize-host"
  | "grow-host"
  | "retire-host"
  | "add-agent"
  | "move-agent"
  | "remove-agent"
  | "update-host"
  | "start-agent"
  | "stop-agent"
  | "restart-agent"
  | "update-agent";

export interface Change {
  readonly kind: ChangeKind;
  /** The host or the agent that changes. */
  readonly name: string;
  readonly text: string;
  /** The service of the host whose container changes. */
  readonly service?: string;
  /** More or less a month, net, where it has a price. */
  readonly monthly?: number;
}

const withSign = (amount: number): string => `${amount < 0 ? "-" : "+"}${Math.abs(amount).toFixed(2)}`;

function hostChanges({ growth, retired }: Placement, { agents }: Registry): Change[] {
  const agentsOn = (server: string): string =>
    list([...agents].flatMap(([name, { host }]) => (host === server ? [name] : [])));
  return [
    ...growth.additions.map(
      ({ server, offer, why }): Change => ({
        kind: "add-host",
        name: server,
        text: `adds host ${server} (${offer.serverType} in ${offer.location}, ${withSign(offer.monthly)} a month): ${why}`,
        monthly: offer.monthly,
      }),
    ),
    ...growth.resizes.map(
      ({ server, from, to, why }): Change => ({
        kind: "resize-host",
        name: server,
        text: `makes host ${server} a ${to.serverType} instead of a ${from.serverType} (${withSign(to.monthly - from.monthly)} a month; powered off for some minutes, with ${agentsOn(server)}): ${why}`,
        monthly: to.monthly - from.monthly,
      }),
    ),
    ...growth.volumes.map(
      ({ server, fromGb, toGb, monthly }): Change => ({
        kind: "grow-host",
        name: server,
        text: `makes the data volume of host ${server} larger, ${toGb} GB instead of ${fromGb} (${withSign(monthly)} a month)`,
        monthly,
      }),
    ),
    ...retired.map(
      ({ server, monthly }): Change => ({
        kind: "retire-host",
        name: server,
        text: `deletes host ${server} (${withSign(-monthly)} a month): it is retired and has no agents; a data volume stays until you delete it`,
        monthly: -monthly,
      }),
    ),
  ];
}

/** Hosts first, then agents, each by name. */
export function changesOf(placement: Placement, registry: Registry, agents: readonly AgentPlan[]): Change[] {
  const moves = new Map(placement.moves.map((move) => [move.agent, move]));
  const wanted = new Set(agents.map(({ name }) => name));
  const stayingOrNew = agents.flatMap(({ name, host }): Change[] => {
    const move = moves.get(name);
    if (move !== undefined)
      return [{ kind: "move-agent", name, text: `moves ${name} from ${move.from} to ${host}: ${move.why}` }];
    return registry.agents.has(name) ? [] : [{ kind: "add-agent", name, text: `adds ${name} on ${host}` }];
  });
  const removed = [...registry.agents]
    .filter(([name]) => !wanted.has(name))
    .map(
      ([name, { host }]): Change => ({
        kind: "remove-agent",
        name,
        text: `removes ${name} from ${host}; its data stays`,
      }),
    );
  return [
    ...hostChanges(placement, registry).toSorted(byName),
    ...[...stayingOrNew, ...removed].toSorted(byName),
  ];
}
