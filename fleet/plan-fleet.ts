/** Decides everything before the first resource is created: plain data that can be printed, compared and reviewed. */
import type { Fleet } from "./config/fleet.ts";
import { FleetError } from "./config/problem.ts";
import type { FleetSettings } from "./config/schema.ts";
import { placeAgent } from "./docker/agent.ts";
import { placeHost } from "./docker/host.ts";
import type { DockerAgentPlan, DockerHostPlan } from "./docker/types.ts";
import type { Catalogue } from "./hosts/hetzner/catalogue.ts";
import { type HetznerProjectPlan, planProject, unreachableServers } from "./hosts/hetzner/project.ts";
import { noticesOf } from "./notices.ts";
import { type Placement, placeFleet } from "./placement/place.ts";
import { type DnsRecord, dnsRecords, tooManyRecords } from "./plan/dns.ts";
import { type NeutralPlan, planNeutrally } from "./plan/plan.ts";
import type { Registry } from "./registry.ts";

export interface FleetPlan extends NeutralPlan {
  readonly stack: string;
  readonly hosts: readonly DockerHostPlan[];
  readonly agents: readonly DockerAgentPlan[];
  /** What the operator should know about this plan, in sentences. */
  readonly notices: readonly string[];
  readonly records: readonly DnsRecord[];
  readonly dns: FleetSettings["dns"];
  /** What cloud servers share; undefined where there are none. */
  readonly project: HetznerProjectPlan | undefined;
}

/** @throws FleetError with everything that does not fit, and by how much. */
export function planFleet(fleet: Fleet, registry: Registry, stack: string, catalogue: Catalogue): FleetPlan {
  const { settings } = fleet;
  const placement = placeFleet(fleet, registry, catalogue);
  const neutral = planNeutrally(fleet, placement, registry, catalogue);
  const agents = placeAgents(neutral, placement, fleet, stack);
  const hosts = placeHosts(neutral, agents, { fleet, registry, stack });
  const servers = hosts.flatMap(({ name, server }) => (server === undefined ? [] : [{ name, server }]));
  const addresses = new Map(
    hosts.map(({ name, entry }) => [name, fleet.hosts.get(entry)?.publicAddress(name, registry)]),
  );
  const publicAgents = agents.filter(({ access }) => access === "public");
  const records = dnsRecords(settings.domain, publicAgents, addresses);
  const problems = [...unreachableServers(servers), ...tooManyRecords(records, settings)];
  if (problems.length > 0) throw new FleetError(problems);
  return {
    ...neutral,
    stack,
    hosts,
    agents,
    notices: noticesOf({ agents, hosts, placement, fleet, registry, stack }),
    records,
    dns: settings.dns,
    project: planProject(
      servers.map(({ server }) => server),
      settings.privateNetwork,
      stack,
    ),
  };
}

const placeAgents = (
  { agents }: NeutralPlan,
  { slots, hosts }: Placement,
  { settings }: Fleet,
  stack: string,
): DockerAgentPlan[] => {
  const ranges = new Map(hosts.map(({ name, options }) => [name, options.group.ranges]));
  return agents.flatMap((agent) => {
    const place = slots.get(agent.name);
    const range = ranges.get(agent.host);
    return place === undefined || range === undefined
      ? []
      : [placeAgent(agent, place.slot, range, settings, stack)];
  });
};

function placeHosts(
  { hosts }: NeutralPlan,
  agents: readonly DockerAgentPlan[],
  { fleet, registry, stack }: { fleet: Fleet; registry: Registry; stack: string },
): DockerHostPlan[] {
  const byHost = Map.groupBy(agents, ({ host }) => host);
  return hosts.flatMap((host) => {
    const entry = fleet.hosts.get(host.entry);
    return entry === undefined
      ? []
      : [placeHost(host, entry, byHost.get(host.name) ?? [], { settings: fleet.settings, registry, stack })];
  });
}
