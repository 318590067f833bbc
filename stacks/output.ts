/** The `fleet` output: what other teams build on. It comes from the plan, so a run that changes nothing shows nothing. */
import type * as pulumi from "@pulumi/pulumi";
import type { AgentHost } from "../components/agent-host.ts";
import type { FleetPlan } from "../fleet/plan/plan.ts";
import type { FleetOutput } from "../reader/schema.ts";

export type { FleetOutput } from "../reader/schema.ts";

/** As it is handed to Pulumi: all but where hosts are is known before they are made, and a preview shows it. */
export type FleetInput = {
  readonly [Part in keyof FleetOutput]: {
    readonly [name: string]: {
      readonly [Key in keyof FleetOutput[Part][string]]: pulumi.Input<FleetOutput[Part][string][Key]>;
    };
  };
};

export const fleetOutput = (
  { hosts, agents }: FleetPlan,
  made: ReadonlyMap<string, AgentHost>,
): FleetInput => ({
  hosts: Object.fromEntries(
    hosts.map(({ name, origin }) => {
      const { engine } = made.get(name) as AgentHost;
      return [
        name,
        {
          address: engine.address,
          dataVolume: origin.kind === "hetzner" ? (origin.dataVolume ?? null) : null,
          hostKey: engine.apply(({ hostKey }) => hostKey ?? null),
          agents: agents.filter(({ host }) => host === name).map((agent) => agent.name),
        },
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
        address: agent.room.agent,
        loopbackPort: agent.loopbackPort,
      },
    ]),
  ),
});
