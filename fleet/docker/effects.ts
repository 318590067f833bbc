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
  const text = `${name} ${what.join("; ")}${staysUp ? ", without a restart" : ""}`;
  return [...changes, { kind: "update-agent", name, text }];
}

const knownService = (host: string, service: string, { objects }: Existing): KnownContainer | undefined =>
  objects.ofHosts.get(objectKey("container", LOGICAL.service(host, service)))?.container;

function ofService(host: string, service: ServicePlan, existing: Existing, isExplained: boolean): string[] {
  const { name, title, image, replacing } = service;
  const known = knownService(host, name, existing);
  if (known === undefined) return [`starts the ${title} of ${host}`];
  const reasons = [...instead(image, known.image, inImage), ...changed(serviceSettings(service), known)];
  if (reasons.length > 0) return [`replaces the ${title} of ${host} (${reasons.join(", ")}): ${replacing}`];
  const loader = existing.objects.ofHosts.get(objectKey("container", LOGICAL.loader(host, name)));
  const isSame = loader?.container?.config === service.config.content;
  return isSame || isExplained ? [] : [`reconfigures the ${title} of ${host} while it runs`];
}

/** @param isExplained whether agents of the host change, which its services' configurations follow */
function ofHost({ name, services }: DockerHostPlan, existing: Existing, isExplained: boolean): Change[] {
  const gone = SERVICES.filter(
    (service) =>
      knownService(name, service.name, existing) !== undefined &&
      !services.some((planned) => planned.name === service.name),
  );
  return [
    ...services.flatMap((service) => ofService(name, service, existing, isExplained)),
    ...gone.map(({ title }) => `removes the ${title} of ${name}`),
  ].map((text): Change => ({ kind: "update-host", name, text }));
}

/** Whether the state has anything of the host. */
const isKnown = ({ name }: DockerHostPlan, existing: Existing): boolean =>
  SERVICES.some((service) => knownService(name, service.name, existing) !== undefined);

/** Hosts that agents come to, leave, or change on. */
function affectedHosts(
  { agents, changes }: FleetPlan,
  ofAgents: readonly Change[],
  { registry }: Existing,
): Set<string> {
  const hosts = new Map(agents.map(({ name, host }) => [name, host]));
  return new Set(
    [...changes, ...ofAgents].flatMap(({ name }) => {
      const [before, after] = [registry.agents.get(name)?.host, hosts.get(name)];
      return [before, after].filter((host) => host !== undefined);
    }),
  );
}

/** Beside what the plan itself names: agents and hosts that are added, moved or removed. */
export function effectsOf(plan: FleetPlan, existing: Existing): Change[] {
  const ofAgents = plan.agents.flatMap((agent) => ofAgent(agent, existing));
  const affected = affectedHosts(plan, ofAgents, existing);
  const ofHosts = plan.hosts
    .filter((host) => isKnown(host, existing))
    .flatMap((host) => ofHost(host, existing, affected.has(host.name)));
  return [...ofHosts, ...ofAgents];
}
