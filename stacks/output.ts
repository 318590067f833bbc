/** The `fleet` output: what other teams build on. It comes from the plan, so a run that changes nothing shows nothing. */
import type { DockerEngine } from "../fleet/engines.ts";
import type { FleetPlan } from "../fleet/plan.ts";
import type { FleetOutput } from "../registry/schema.ts";

export type { FleetOutput } from "../registry/schema.ts";

export const fleetOutput = (
  { hosts, agents }: FleetPlan,
  engines: ReadonlyMap<string, DockerEngine>,
): FleetOutput => ({
  hosts: Object.fromEntries(
    hosts.map(({ name }) => [
      name,
      {
        address: engines.get(name)?.address ?? "",
        agents: agents.filter(({ host }) => host === name).map((agent) => agent.name),
      },
    ]),
  ),
  agents: Object.fromEntries(
    agents.map((agent) => [
      agent.name,
      {
        url: agent.url,
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
