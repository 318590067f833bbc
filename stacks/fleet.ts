import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { AgentHost } from "../components/agent-host.ts";
import { IsolatedAgent } from "../components/isolated-agent.ts";
import { TenantRoute } from "../components/tenant-route.ts";
import type { DockerEngine } from "../fleet/engines.ts";
import type { FleetPlan, HostPlan } from "../fleet/plan.ts";
import { FleetError } from "../fleet/problem.ts";
import type { Secrets } from "./config.ts";
import { type FleetOutput, fleetOutput } from "./output.ts";

export interface FleetOutputs {
  /** The registry as other teams read it: plain data, no secret. */
  readonly fleet: FleetOutput;
  /** Agent -> gateway token, secret. */
  readonly tokens: pulumi.Output<Record<string, string>>;
}

/** @throws FleetError where a host is none that this program can make: a plan can hold more than that. */
const engineOf = ({ name, origin }: HostPlan): DockerEngine => {
  if (origin.kind === "own") return origin.engine;
  throw new FleetError([
    {
      path: `hosts.${origin.group}.kind`,
      value: origin.kind,
      message: `${name} can be planned (npm run plan), but servers cannot be rented yet`,
      remedy: "use hosts of kind docker or ssh",
    },
  ]);
};

/** Makes what the plan says, and decides nothing. */
export function deployFleet(
  plan: FleetPlan,
  secrets: Secrets,
  failedLoads: Readonly<Record<string, string>>,
): FleetOutputs {
  const engines = new Map(plan.hosts.map((host) => [host.name, engineOf(host)]));
  const randomness = new random.Provider("random");
  const hosts = new Map(
    plan.hosts.map((host) => [
      host.name,
      new AgentHost(host.name, {
        plan: host,
        engine: engines.get(host.name) as DockerEngine,
        retries: failedLoads,
      }),
    ]),
  );
  const tokens: Record<string, pulumi.Output<string>> = {};
  for (const agent of plan.agents) {
    const docker = hosts.get(agent.host)?.provider;
    const isolated = new IsolatedAgent(
      agent.name,
      {
        plan: agent,
        engine: engines.get(agent.host) as DockerEngine,
        secrets: pulumi.secret(secrets[agent.name] ?? {}),
      },
      { providers: [randomness, ...(docker === undefined ? [] : [docker])] },
    );
    new TenantRoute(agent.name, { plan: agent });
    tokens[agent.name] = isolated.token;
  }
  for (const notice of plan.notices) void pulumi.log.warn(notice);
  return { fleet: fleetOutput(plan, engines), tokens: pulumi.secret(pulumi.all(tokens)) };
}
