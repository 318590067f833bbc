/** What a configuration changes of agents and hosts that stay where they are: for a review without a state or an engine. */
import type { AgentPlan, FleetPlan, HostPlan } from "./plan.ts";

export interface Difference {
  readonly kind: "agent" | "host";
  readonly name: string;
  /** In the operator's words. */
  readonly what: readonly string[];
}

/** What follows from the class and from the reach, and would be told twice. */
const DERIVED = new Set(["NODE_OPTIONS", "OPENCLAW_PROXY_URL", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"]);

const environment = ({ env }: AgentPlan, derived: boolean): object =>
  Object.entries(env).filter(([key]) => DERIVED.has(key) === derived);

/** Host and slot are not here: a move is a change of the plan itself. */
const OF_AGENTS: Readonly<Record<string, (agent: AgentPlan) => unknown>> = {
  image: ({ image }) => image,
  class: (agent) => [agent.class, agent.limits],
  egress: ({ reach }) => reach,
  environment: (agent) => environment(agent, false),
  configuration: ({ config }) => config,
  labels: ({ ownLabels }) => ownLabels,
  address: ({ url, room, loopbackPort }) => [url, room, loopbackPort],
  reservation: ({ reservationMb }) => reservationMb,
  "time to start": ({ startSeconds }) => startSeconds,
  "time to stop": ({ stopSeconds }) => stopSeconds,
};

const differ = <T>(a: T, b: T, of: (value: T) => unknown): boolean =>
  JSON.stringify(of(a)) !== JSON.stringify(of(b));

function ofAgent(before: AgentPlan, after: AgentPlan): string[] {
  const what = Object.entries(OF_AGENTS).flatMap(([word, of]) => (differ(before, after, of) ? [word] : []));
  const isExplained = what.some((word) => ["class", "egress", "environment"].includes(word));
  return [
    ...(before.enabled === after.enabled ? [] : [after.enabled ? "switched on" : "switched off"]),
    ...what,
    ...(!isExplained && differ(before, after, (agent) => environment(agent, true)) ? ["environment"] : []),
  ];
}

function ofHost(before: HostPlan, after: HostPlan, hasSameAgents: boolean): string[] {
  const doors = [
    ["ingress", before.ingress, after.ingress],
    ["egress proxy", before.egressProxy, after.egressProxy],
  ] as const;
  return [
    ...(differ(before, after, ({ origin }) => (origin.kind === "own" ? origin.engine : null))
      ? ["Docker engine"]
      : []),
    ...doors.flatMap(([door, { image, config }, next]) => [
      ...(image === next.image ? [] : [`${door}'s image`]),
      // Every tenant that comes, goes or changes gives the doors a new configuration.
      ...(hasSameAgents && config !== next.config ? [`${door}'s configuration`] : []),
    ]),
  ];
}

/** @param after planned with what `before` makes as what exists */
export function differencesOf(before: FleetPlan, after: FleetPlan): Difference[] {
  const agents = new Map(before.agents.map((agent) => [agent.name, agent]));
  const hosts = new Map(before.hosts.map((host) => [host.name, host]));
  const tenants = (plan: FleetPlan, name: string): string =>
    JSON.stringify(
      plan.agents
        .filter(({ host }) => host === name)
        .map(({ name: agent, slot, enabled, hostname, reach }) => [agent, slot, enabled, hostname, reach]),
    );
  const different = (kind: Difference["kind"], name: string, what: readonly string[]): Difference[] =>
    what.length === 0 ? [] : [{ kind, name, what }];
  return [
    ...after.hosts.flatMap((host) => {
      const known = hosts.get(host.name);
      if (known === undefined) return [];
      const hasSameAgents = tenants(before, host.name) === tenants(after, host.name);
      return different("host", host.name, ofHost(known, host, hasSameAgents));
    }),
    ...after.agents.flatMap((agent) => {
      const known = agents.get(agent.name);
      return known?.host === agent.host ? different("agent", agent.name, ofAgent(known, agent)) : [];
    }),
  ];
}
