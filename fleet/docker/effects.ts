/** What a plan does to agents and services that stay where they are, in words for those who use them. */
import { LABELS, LOGICAL, RESERVED_LABELS } from "../names.ts";
import type { Change } from "../plan/changes.ts";
import type { FleetPlan } from "../plan-fleet.ts";
import {
  type KnownAgent,
  type KnownContainer,
  type KnownObjects,
  objectKey,
  type Registry,
} from "../registry.ts";
import { SERVICES } from "../services/index.ts";
import { list, plural, sortedEntries } from "../text.ts";
import { agentSettings, changedSettings, type Settings, serviceSettings } from "./settings.ts";
import type { DockerAgentPlan, DockerHostPlan, ServicePlan } from "./types.ts";

/** What the state says of the fleet that exists. */
export interface Existing {
  readonly registry: Registry;
  readonly objects: KnownObjects;
  readonly agents: ReadonlyMap<string, KnownAgent>;
}

const MIB = 1024 ** 2;

const instead = <T>(now: T, known: T, render: (value: T) => string): string[] =>
  now === known ? [] : [`${render(now)} instead of ${known}`];

const inImage = (image: string): string => `image ${image}`;
const inMemory = (mb: number): string => `${mb} MiB of memory`;

/** Of a container that was created before its settings were recorded, nothing can be named. */
function changed(settings: Settings, { labels }: KnownContainer): string[] {
  const { [LABELS.settings]: label } = labels;
  return label === undefined
    ? ["this version sets up its container differently"]
    : changedSettings(settings, label);
}

const ownLabels = (labels: Readonly<Record<string, string>>): string =>
  JSON.stringify(sortedEntries(labels).filter(([name]) => !name.startsWith(RESERVED_LABELS)));

/** Why the gateway's container has to be replaced, which restarts the agent. */
const restartReasons = (agent: DockerAgentPlan, known: KnownContainer): string[] => [
  ...instead(agent.image, known.image, inImage),
  ...instead(agent.limits.memoryMb, known.limits.memory / MIB, inMemory),
  ...instead(agent.limits.cpus, known.limits.nanoCpus / 1e9, (cpus) => plural(cpus, "CPU")),
  ...changed(agentSettings(agent), known),
  ...(ownLabels(agent.ownLabels) === ownLabels(known.labels) ? [] : ["labels"]),
];

const minus = (names: readonly string[], others: readonly string[]): string[] =>
  names.filter((name) => !others.includes(name));

/** An allowlist is the egress proxy's, which takes another one while it runs. */
function egressChange({ egress }: DockerAgentPlan, known: KnownAgent["egress"]): string[] {
  if (known === undefined || known === "open" || egress === "open") return [];
  const [more, fewer] = [minus(egress, known), minus(known, egress)];
  return [
    ...(more.length === 0 ? [] : [`may also reach ${list(more)}`]),
    ...(fewer.length === 0 ? [] : [`may no longer reach ${list(fewer)}`]),
  ];
}

function ofGateway(agent: DockerAgentPlan, known: KnownContainer | undefined): Change[] {
  const { name } = agent;
  if (known === undefined)
    return agent.enabled ? [{ kind: "start-agent", name, text: `starts ${name}` }] : [];
  if (!agent.enabled) return [{ kind: "stop-agent", name, text: `stops ${name}; its data stays` }];
  const reasons = restartReasons(agent, known);
  return reasons.length === 0
    ? []
    : [{ kind: "restart-agent", name, text: `restarts ${name}: ${reasons.join(", ")}` }];
}

function ofAgent(agent: DockerAgentPlan, { registry, objects, agents }: Existing): Change[] {
  const { name, host, url } = agent;
  const place = registry.agents.get(name);
  if (place === undefined) return [];
  const known = agents.get(name);
  const gateway = objects.ofAgents.get(objectKey("container", LOGICAL.gateway(name)))?.container;
  const changes = place.host === host ? ofGateway(agent, gateway) : [];
  const what = [
    ...(known === undefined || known.url === url ? [] : [`gets another URL: ${url} instead of ${known.url}`]),
    ...egressChange(agent, known?.egress),
  ];
  if (what.length === 0) return changes;
  const staysUp = place.host === host && changes.length === 0;
  const text = `${name} ${what.join("; ")}${staysUp ? ", which needs no restart" : ""}`;
  return [...changes, { kind: "update-agent", name, text }];
}

const knownService = (host: string, service: string, { objects }: Existing): KnownContainer | undefined =>
  objects.ofHosts.get(objectKey("container", LOGICAL.service(host, service)))?.container;

function ofService(host: string, planned: ServicePlan, existing: Existing): Change[] {
  const { name: service, title, image, replacing } = planned;
  const change = (text: string) => ({ kind: "update-host", name: host, text }) as const;
  const known = knownService(host, service, existing);
  if (known === undefined) return [{ ...change(`starts the ${title} of ${host}`), service }];
  const reasons = [...instead(image, known.image, inImage), ...changed(serviceSettings(planned), known)];
  if (reasons.length > 0) {
    return [{ ...change(`replaces the ${title} of ${host} (${reasons.join(", ")}): ${replacing}`), service }];
  }
  const loader = existing.objects.ofHosts.get(objectKey("container", LOGICAL.loader(host, service)));
  const isSame = loader?.container?.config === planned.config.content;
  return isSame ? [] : [change(`reconfigures the ${title} of ${host} while it runs`)];
}

/** Services that the state has on a host and that the plan has not. */
const removals = (host: string, planned: DockerHostPlan["services"], existing: Existing): Change[] =>
  SERVICES.filter(
    ({ name }) =>
      knownService(host, name, existing) !== undefined && !planned.some((service) => service.name === name),
  ).map(({ name: service, title }) => ({
    kind: "update-host",
    name: host,
    service,
    text: `removes the ${title} of ${host}`,
  }));

function ofHosts({ hosts }: FleetPlan, existing: Existing): Change[] {
  // A new host's services are part of its creation.
  const known = hosts.filter(({ name }) =>
    SERVICES.some((service) => knownService(name, service.name, existing) !== undefined),
  );
  const wanted = new Set(hosts.map(({ name }) => name));
  const left = new Set([...existing.registry.agents.values()].map(({ host }) => host));
  return [
    ...known.flatMap(({ name, services }) => [
      ...services.flatMap((service) => ofService(name, service, existing)),
      ...removals(name, services, existing),
    ]),
    ...[...left].filter((host) => !wanted.has(host)).flatMap((host) => removals(host, [], existing)),
  ];
}

/** Changes to agents and services that stay on their hosts. Agents and hosts that come, move or go are changes of the plan. */
export const effectsOf = (plan: FleetPlan, existing: Existing): Change[] => [
  ...ofHosts(plan, existing),
  ...plan.agents.flatMap((agent) => ofAgent(agent, existing)),
];
