/** The `fleet` output: what other teams build on. It comes from the plan, so a run that changes nothing shows nothing. */
import { z } from "zod";
import type { FleetPlan } from "../fleet/plan.ts";

export const fleetOutputSchema = z.object({
  hosts: z.record(
    z.string(),
    z.object({
      /** Where its Docker engine answers. */
      address: z.string(),
      agents: z.array(z.string()),
    }),
  ),
  agents: z.record(
    z.string(),
    z.object({
      url: z.string(),
      host: z.string(),
      slot: z.int(),
      enabled: z.boolean(),
      class: z.string(),
      /** Hard limit, MiB. */
      memoryMb: z.int(),
      image: z.string(),
      container: z.string(),
      volume: z.string(),
      /** The gateway's address in its room. */
      address: z.string(),
      /** On the host's loopback address. */
      loopbackPort: z.int(),
    }),
  ),
});

export type FleetOutput = z.infer<typeof fleetOutputSchema>;

export const fleetOutput = (
  { hosts, agents }: FleetPlan,
  addresses: ReadonlyMap<string, string>,
): FleetOutput => ({
  hosts: Object.fromEntries(
    hosts.map(({ name }) => [
      name,
      {
        address: addresses.get(name) ?? "",
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
