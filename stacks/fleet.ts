import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { AgentHost } from "../components/agent-host.ts";
import { givesDefaultRoute, needsDeadEnd } from "../components/default-route.ts";
import { DnsZone } from "../components/dns-zone.ts";
import { IsolatedAgent } from "../components/isolated-agent.ts";
import { RentedServer } from "../components/hetzner/server.ts";
import { RentedSite } from "../components/hetzner/project.ts";
import { TenantRoute } from "../components/tenant-route.ts";
import type { DnsRecord } from "../fleet/plan/dns.ts";
import type { FleetPlan, HostPlan } from "../fleet/plan/plan.ts";
import type { Providers, Secrets } from "./config.ts";
import { type FleetInput, fleetOutput } from "./output.ts";
import type { StackState } from "./state.ts";

export interface FleetOutputs {
  /** The registry as other teams read it: plain data, no secret. */
  readonly fleet: FleetInput;
  /** Agent -> gateway token, secret. */
  readonly tokens: pulumi.Output<Record<string, string>>;
}

/** Makes what the plan says, and decides nothing. */
export function deployFleet(
  plan: FleetPlan,
  secrets: Secrets,
  providers: Providers,
  state: StackState,
): FleetOutputs {
  const randomness = new random.Provider("random");
  const servers = rentServers(plan, providers, randomness);
  const hosts = new Map(
    plan.hosts.map((host) => [
      host.name,
      new AgentHost(host.name, {
        plan: host,
        server: servers.get(host.name),
        retries: state.failedLoads,
        secrets: providers.doors,
      }),
    ]),
  );
  const tokens: Record<string, pulumi.Output<string>> = {};
  const routes = new Map<string, TenantRoute>();
  for (const agent of plan.agents) {
    const { provider, engine, livesOn } = hosts.get(agent.host) as AgentHost;
    const stays = state.registry.agents[agent.name]?.host === agent.host;
    const needs =
      servers.get(agent.host)?.dockerVersion.apply(givesDefaultRoute) ??
      // A room that is there stays as it is, whatever its engine has become.
      (stays ? state.deadEnds[agent.name] : undefined) ??
      engine.apply(needsDeadEnd);
    const isolated = new IsolatedAgent(
      agent.name,
      {
        plan: agent,
        engine,
        livesOn,
        needsDeadEnd: needs,
        secrets: pulumi.secret(secrets[agent.name] ?? {}),
      },
      { providers: [randomness, provider] },
    );
    routes.set(agent.name, new TenantRoute(agent.name, { plan: agent }));
    tokens[agent.name] = isolated.token;
  }
  setRecords(plan, routes, servers, providers, state);
  for (const notice of plan.notices) void pulumi.log.warn(notice);
  return { fleet: fleetOutput(plan, hosts), tokens: pulumi.secret(pulumi.all(tokens)) };
}

function rentServers(
  { hosts, site: sitePlan }: FleetPlan,
  { hetzner }: Providers,
  randomness: random.Provider,
): Map<string, RentedServer> {
  if (sitePlan === undefined) return new Map();
  const site = new RentedSite("hetzner", { plan: sitePlan, ...hetzner });
  return new Map(
    hosts.flatMap(({ name, origin }: HostPlan): [string, RentedServer][] =>
      origin.kind === "hetzner"
        ? [[name, new RentedServer(name, { plan: origin, site }, { providers: [randomness] })]]
        : [],
    ),
  );
}

function setRecords(
  { dns, records }: FleetPlan,
  routes: ReadonlyMap<string, TenantRoute>,
  servers: ReadonlyMap<string, RentedServer>,
  { cloudflare }: Providers,
  state: StackState,
): void {
  if (dns.kind === "none") return;
  const zone = new DnsZone("dns", { zoneId: dns.zoneId, ...cloudflare, known: state.records });
  const addressOf = ({ host, value }: DnsRecord): pulumi.Output<string> =>
    servers.get(host)?.address ?? pulumi.output(value ?? "");
  for (const record of records) {
    zone.addRecord(record, addressOf(record), routes.get(record.agent ?? ""));
  }
}
