import { channelsOf } from "../config/agent.ts";
import type { Agent } from "../config/fleet.ts";
import type { FleetSettings } from "../config/schema.ts";
import { hostnameOf } from "../names.ts";
import type { AgentLimits, AgentPlan } from "./types.ts";

/** CPU limits are given in quarters. */
const CPU_STEP = 0.25;

/** Docker refuses to give a container more CPUs than the host has. */
const cpusOn = (hostCpus: number | null, cpus: number): number =>
  hostCpus === null ? cpus : Math.min(cpus, Math.max(CPU_STEP, Math.floor(hostCpus / CPU_STEP) * CPU_STEP));

/** @param hostCpus of the host that it is placed on; null where unknown */
export function planAgent(
  { name, settings, class: agentClass, model, egress, secretNames }: Agent,
  host: { readonly name: string; readonly cpus: number | null },
  { domain, image, defaults }: FleetSettings,
): AgentPlan {
  const { memoryMb, cpus, pids } = agentClass;
  const limits: AgentLimits = { memoryMb, cpus: cpusOn(host.cpus, cpus), pids };
  return {
    name,
    host: host.name,
    enabled: settings.enabled,
    class: agentClass.name,
    access: settings.access,
    limits,
    reservationMb: agentClass.reservationMb,
    image,
    hostname: hostnameOf(name, domain),
    egress,
    gateway: {
      name,
      model,
      tools: settings.tools,
      sharedTools: defaults.tools,
      channels: channelsOf(settings).flatMap((channel) => {
        const configured = settings.channels[channel];
        return configured === undefined ? [] : [[channel, configured] as const];
      }),
    },
    secretNames,
    env: settings.env,
    ownLabels: settings.labels,
    startSeconds: defaults.startSeconds,
    stopSeconds: defaults.stopSeconds,
  };
}
