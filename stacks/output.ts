/** The `fleet` output: what other teams build on. It comes from the plan, so a run that changes nothing shows nothing. */
import * as pulumi from "@pulumi/pulumi";
import type { AgentHost } from "../components/agent-host.ts";
import type { FleetPlan } from "../fleet/plan.ts";
import type { FleetOutput } from "../registry/schema.ts";

export type { FleetOutput } from "../registry/schema.ts";

export const fleetOutput = (
  { hosts, agents }: FleetPlan,
  made: ReadonlyMap<string, AgentHost>,
): pulumi.Output<FleetOutput> =>
  pulumi.all(Object.fromEntries([...made].map(([name, { engine }]) => [name, engine]))).apply((engines) => ({
    hosts: Object.fromEntries(
      hosts.map(({ name }) => [
        name,
        {
          address: engines[name]?.address ?? "",
          hostKey: engines[name]?.hostKey ?? null,
          agents: agents.filter(({ host }) => host === name).map((agent) => agent.name),
        },
      ]),
    ),
    agents: Object.fromEntries(
      agents.map((agent) => [
        agent.name,
        {
          url: agent.url,
          access: agent.access,
          host: agent.host,
          slot: agent.slot,
          enabled: agent.enabled,
          class: agent.class,
          memoryMb: agent.limits.memoryMb,
          image: agent.image,
          container: agent.object,
          volume: agent.volume,
          address: agent.room.agent,
          loopbackPort: agent.loopbackPort,
        },
      ]),
    ),
  }));
