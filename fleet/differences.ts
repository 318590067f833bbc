/** What a configuration changes of agents and hosts that stay where they are: for a review without a state or an engine. */
import { EGRESS_VARIABLES, MEMORY_VARIABLE } from "../openclaw/environment.ts";
import type { DockerAgentPlan, DockerHostPlan, ServicePlan } from "./docker/types.ts";
import type { FleetPlan } from "./plan-fleet.ts";

export interface Difference {
  readonly kind: "agent" | "host";
  readonly name: string;
  /** In the operator's words. */
  readonly what: readonly string[];
}

/** Variables that follow from the class and from the egress allowlist, which are named themselves. */
const DERIVED = new Set([MEMORY_VARIABLE, ...EGRESS_VARIABLES]);

const environment = ({ env }: DockerAgentPlan, derived: boolean): object =>
  Object.entries(env).filter(([key]) => DERIVED.has(key) === derived);

/** Host and slot are not here: a move is a change of the plan itself. */
const OF_AGENTS: Readonly<Record<string, (agent: DockerAgentPlan) => unknown>> = {
  image: ({ image }) => image,
  class: (agent) => [agent.class, agent.limits],
  egress: ({ egress }) => egress,
  environment: (agent) => environment(agent, false),
  configuration: ({ config }) => config,
  labels: ({ ownLabels }) => ownLabels,
  address: ({ url, network, loopbackPort }) => [url, network, loopbackPort],
  reservation: ({ reservationMb }) => reservationMb,
  "time to start": ({ startSeconds }) => startSeconds,
  "time to stop": ({ stopSeconds }) => stopSeconds,
};

const differ = <T>(a: T, b: T, of: (value: T) => unknown): boolean =>
  JSON.stringify(of(a)) !== JSON.stringify(of(b));

function ofAgent(before: DockerAgentPlan, after: DockerAgentPlan): string[] {
  const what = Object.entries(OF_AGENTS).flatMap(([word, of]) => (differ(before, after, of) ? [word] : []));
  const isExplained = what.some((word) => ["class", "egress", "environment"].includes(word));
  return [
    ...(before.enabled === after.enabled ? [] : [after.enabled ? "switched on" : "switched off"]),
    ...what,
    ...(!isExplained && differ(before, after, (agent) => environment(agent, true)) ? ["environment"] : []),
  ];
}

/** What is different about a service, apart from the configuration, which every change of an agent changes. */
const OF_SERVICES: Readonly<Record<string, (service: ServicePlan) => unknown>> = {
  image: ({ image }) => image,
  container: ({ container, sharedVolumes, credentials }) => [container, sharedVolumes, credentials],
};

function ofServices(before: DockerHostPlan, after: DockerHostPlan, hasSameAgents: boolean): string[] {
  const known = new Map(before.services.map((service) => [service.name, service]));
  const wanted = new Set(after.services.map(({ name }) => name));
  return [
    ...after.services.flatMap((service) => {
      const old = known.get(service.name);
      if (old === undefined) return [`${service.title} added`];
      const parts = Object.entries(OF_SERVICES).flatMap(([word, of]) =>
        differ(old, service, of) ? [word] : [],
      );
      const isReconfigured = hasSameAgents && old.config.content !== service.config.content;
      return [...parts, ...(isReconfigured ? ["configuration"] : [])].map(
        (part) => `${service.title}'s ${part}`,
      );
    }),
    ...before.services.filter(({ name }) => !wanted.has(name)).map(({ title }) => `${title} removed`),
  ];
}

function ofHost(before: DockerHostPlan, after: DockerHostPlan, hasSameAgents: boolean): string[] {
  return [
    ...(differ(before, after, ({ connection }) => connection ?? null) ? ["Docker daemon"] : []),
    ...ofServices(before, after, hasSameAgents),
  ];
}

/** What a host's services see of its agents. */
const servedAgents = ({ agents }: FleetPlan, host: string): string =>
  JSON.stringify(
    agents
      .filter((agent) => agent.host === host)
      .map(({ name, slot, enabled, hostname, egress, access }) => [
        name,
        slot,
        enabled,
        hostname,
        egress,
        access,
      ]),
  );

/** @param after planned with what `before` creates as what exists */
export function differencesOf(before: FleetPlan, after: FleetPlan): Difference[] {
  const agents = new Map(before.agents.map((agent) => [agent.name, agent]));
  const hosts = new Map(before.hosts.map((host) => [host.name, host]));
  const different = (kind: Difference["kind"], name: string, what: readonly string[]): Difference[] =>
    what.length === 0 ? [] : [{ kind, name, what }];
  return [
    ...after.hosts.flatMap((host) => {
      const known = hosts.get(host.name);
      if (known === undefined) return [];
      const hasSameAgents = servedAgents(before, host.name) === servedAgents(after, host.name);
      return different("host", host.name, ofHost(known, host, hasSameAgents));
    }),
    ...after.agents.flatMap((agent) => {
      const known = agents.get(agent.name);
      return known?.host === agent.host ? different("agent", agent.name, ofAgent(known, agent)) : [];
    }),
  ];
}
