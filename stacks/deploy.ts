import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { AgentHost } from "../components/agent-host.ts";
import { givesDefaultRoute, needsUnusedGateway } from "../components/default-route.ts";
import { DnsZone } from "../components/dns-zone.ts";
import { HetznerProject } from "../components/hetzner/project.ts";
import { HetznerServer } from "../components/hetzner/server.ts";
import { IsolatedAgent } from "../components/isolated-agent.ts";
import { TenantRoute } from "../components/tenant-route.ts";
import type { Secrets } from "../fleet/config/secrets.ts";
import { type DriftReport, describeDrift } from "../fleet/docker/drift.ts";
import type { HostObservation } from "../fleet/docker/inventory.ts";
import type { DockerAgentPlan } from "../fleet/docker/types.ts";
import type { FleetPlan } from "../fleet/plan-fleet.ts";
import type { Access } from "./config.ts";
import { type FleetInput, fleetOutput } from "./output.ts";
import type { StackState } from "./state.ts";

export interface FleetOutputs {
  /** What other teams read: plain data, no secret. */
  readonly fleet: FleetInput;
  /** Agent -> gateway token, secret. */
  readonly tokens: pulumi.Output<Record<string, string>>;
}

/** Creates what the plan says, and decides nothing. */
export function deployFleet(
  plan: FleetPlan,
  secrets: Secrets,
  access: Access,
  state: StackState,
  { drift, repairs }: DriftReport,
  observations: ReadonlyMap<string, HostObservation> = new Map(),
): FleetOutputs {
  const randomness = new random.Provider("random");
  const servers = createServers(plan, access, randomness);
  const hosts = new Map(
    plan.hosts.map((host) => [
      host.name,
      new AgentHost(host.name, {
        plan: host,
        machine: servers.get(host.name),
        daemon: observations.get(host.name)?.inventory?.daemon ?? state.daemons.get(host.name),
        repairs: repairs.ofHosts,
        credentials: access.credentials,
      }),
    ]),
  );
  const tokens: Record<string, pulumi.Output<string>> = {};
  const routes = new Map<string, TenantRoute>();
  for (const agent of plan.agents) {
    const host = hosts.get(agent.host);
    if (host === undefined)
      throw new TypeError(`${agent.name} is placed on ${agent.host}, which is not in the plan`);
    const isolated = new IsolatedAgent(
      agent.name,
      {
        plan: agent,
        connection: host.connection,
        binding: host.binding,
        unenforced: plan.hosts.find(({ name }) => name === agent.host)?.unenforced ?? [],
        needsUnusedGateway: unusedGatewayOf(agent, host, servers.get(agent.host), state),
        repairs: repairs.ofAgents,
        secrets: pulumi.secret(secrets.get(agent.name) ?? {}),
      },
      { providers: [randomness, host.provider] },
    );
    routes.set(agent.name, new TenantRoute(agent.name, { plan: agent }));
    tokens[agent.name] = isolated.token;
  }
  setRecords(plan, routes, servers, access, state);
  for (const notice of [...drift.map(describeDrift), ...plan.notices]) void pulumi.log.warn(notice);
  return { fleet: fleetOutput(plan, hosts), tokens: pulumi.secret(pulumi.all(tokens)) };
}

/** What the state or the server's own version says; otherwise the daemon is asked. */
function unusedGatewayOf(
  agent: DockerAgentPlan,
  host: AgentHost,
  server: HetznerServer | undefined,
  { registry, unusedGateways }: StackState,
): pulumi.Input<boolean> {
  if (server !== undefined) return server.dockerVersion.apply(givesDefaultRoute);
  const stays = registry.agents.get(agent.name)?.host === agent.host;
  // A network that exists stays as it is, whatever version its daemon has become.
  const known = stays ? unusedGateways.get(agent.name) : undefined;
  return known ?? host.connection.apply(needsUnusedGateway);
}

function createServers(
  { hosts, project: plan }: FleetPlan,
  { hetzner }: Access,
  randomness: random.Provider,
): Map<string, HetznerServer> {
  if (plan === undefined) return new Map();
  const project = new HetznerProject("hetzner", { plan, ...hetzner });
  return new Map(
    hosts.flatMap(({ name, server }) =>
      server === undefined
        ? []
        : [[name, new HetznerServer(name, { plan: server, project }, { providers: [randomness] })] as const],
    ),
  );
}

function setRecords(
  { dns, records }: FleetPlan,
  routes: ReadonlyMap<string, TenantRoute>,
  servers: ReadonlyMap<string, HetznerServer>,
  { cloudflare }: Access,
  { records: known }: StackState,
): void {
  if (dns.kind === "none") return;
  const { token, endpoint } = cloudflare;
  const zone = new DnsZone("dns", { zoneId: dns.zoneId, token, baseUrl: endpoint, known });
  for (const record of records) {
    const address = servers.get(record.host)?.address ?? pulumi.output(record.value ?? "");
    zone.addRecord(record, address, routes.get(record.agent ?? ""));
  }
}
