/** What the rules share. */
import type { Problem } from "../problem.ts";
import type { AgentEntry, Fleet, HetznerServers } from "../schema.ts";

export type Rule = (fleet: Fleet) => Problem[];

export const list = (names: Iterable<string>): string => [...names].toSorted().join(", ") || "none";

export const eachAgent =
  (rule: (name: string, agent: AgentEntry, fleet: Fleet) => Problem[]): Rule =>
  (fleet) =>
    Object.entries(fleet.agents).flatMap(([name, agent]) => rule(name, agent, fleet));

export const eachHost =
  (rule: (name: string, host: Fleet["hosts"][string], fleet: Fleet) => Problem[]): Rule =>
  (fleet) =>
    Object.entries(fleet.hosts).flatMap(([name, host]) => rule(name, host, fleet));

export const serverGroups = (fleet: Fleet): [string, HetznerServers][] =>
  Object.entries(fleet.hosts).flatMap(([name, host]): [string, HetznerServers][] =>
    host.kind === "hetzner" ? [[name, host]] : [],
  );

export const isServerOf = (server: string, group: string): boolean =>
  server.startsWith(`${group}-`) && /^[1-9]\d*$/.test(server.slice(group.length + 1));
