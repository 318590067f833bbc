/** The `fleet` output: what other teams build on. It comes from the plan, so a run that changes nothing shows nothing. */
import type * as pulumi from "@pulumi/pulumi";
import type { AgentHost } from "../components/agent-host.ts";
import type { FleetPlan } from "../fleet/plan-fleet.ts";
import type { FleetOutput } from "../reader/schema.ts";

/** As it is passed to Pulumi: everything except a host's connection is known before it exists, and a preview shows it. */
export type FleetInput = {
  readonly [Part in keyof FleetOutput]: {
    readonly [name: string]: {
      readonly [Key in keyof FleetOutput[Part][string]]: pulumi.Input<FleetOutput[Part][string][Key]>;
    };
  };
};

export const fleetOutput = (
  { hosts, agents }: FleetPlan,
  created: ReadonlyMap<string, AgentHost>,
): FleetInput => ({
  hosts: Object.fromEntries(
    hosts.flatMap(({ name, server }) => {
      const connection = created.get(name)?.connection;
      if (connection === undefined) return [];
      return [
        [
          name,
          {
            address: connection.address,
            dataVolume: server?.dataVolume ?? null,
            hostKey: connection.apply(({ hostKey }) => hostKey ?? null),
            agents: agents.filter(({ host }) => host === name).map((agent) => agent.name),
          },
        ],
      ];
    }),
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
        address: agent.network.agent,
        loopbackPort: agent.loopbackPort,
      },
    ]),
  ),
});
