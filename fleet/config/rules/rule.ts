/** What the rules share. */
import type { HostEntry } from "../../hosts/host.ts";
import type { AgentSettings } from "../agent.ts";
import type { Problem } from "../problem.ts";
import type { FleetSettings } from "../schema.ts";

/** One thing that must hold beyond the shape of the settings. */
export type Rule = (fleet: FleetSettings, hosts: ReadonlyMap<string, HostEntry>) => readonly Problem[];

export const eachAgent =
  (
    rule: (
      name: string,
      agent: AgentSettings,
      fleet: FleetSettings,
      hosts: ReadonlyMap<string, HostEntry>,
    ) => readonly Problem[],
  ): Rule =>
  (fleet, hosts) =>
    Object.entries(fleet.agents).flatMap(([name, agent]) => rule(name, agent, fleet, hosts));
