import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { AgentHost } from "../components/agent-host.ts";
import { IsolatedAgent } from "../components/isolated-agent.ts";
import { TenantRoute } from "../components/tenant-route.ts";
import type { FleetPlan } from "../fleet/plan.ts";
import type { Secrets } from "./config.ts";
import { type FleetOutput, fleetOutput } from "./output.ts";

export interface FleetOutputs {
  /** The registry as other teams read it: plain data, no secret. */
  readonly fleet: FleetOutput;
  /** Agent -> gateway token, secret. */
  readonly tokens: pulumi.Output<Record<string, string>>;
}

/** Makes what the plan says, and decides nothing. */
export function deployFleet(
  plan: FleetPlan,
  secrets: Secrets,
  failedLoads: Readonly<Record<string, string>>,
): FleetOutputs {
  const randomness = new random.Provider("random");
  const hosts = new Map(
    plan.hosts.map((host) => [host.name, new AgentHost(host.name, { plan: host, retries: failedLoads })]),
  );
  const addresses = new Map(plan.hosts.map((host) => [host.name, host.address]));
  const tokens: Record<string, pulumi.Output<string>> = {};
  for (const agent of plan.agents) {
    const docker = hosts.get(agent.host)?.provider;
    const isolated = new IsolatedAgent(
      agent.name,
      {
        plan: agent,
        dockerAddress: addresses.get(agent.host) ?? "",
        secrets: pulumi.secret(secrets[agent.name] ?? {}),
      },
      { providers: [randomness, ...(docker === undefined ? [] : [docker])] },
    );
    new TenantRoute(agent.name, { plan: agent });
    tokens[agent.name] = isolated.token;
  }
  for (const notice of plan.notices) void pulumi.log.warn(notice);
  return { fleet: fleetOutput(plan), tokens: pulumi.secret(pulumi.all(tokens)) };
}
