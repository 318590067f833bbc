/** A fleet whose references are resolved: nothing has to be looked up again. */
import { footprintOf } from "../../openclaw/footprint.ts";
import { allowlistOf } from "../egress.ts";
import type { HostEntry } from "../hosts/host.ts";
import { sourceOf } from "../hosts/index.ts";
import { reservationOf } from "../placement/sizing.ts";
import { sortedEntries } from "../text.ts";
import type { AgentSettings } from "./agent.ts";
import type { ResourceClass } from "./class.ts";
import type { FleetSettings } from "./schema.ts";
import type { Secrets } from "./secrets.ts";

/** What an agent may use of its host, and what the host sets aside for it. */
export interface AgentClass extends ResourceClass {
  readonly name: string;
  readonly reservationMb: number;
}

export interface Agent {
  readonly name: string;
  readonly settings: AgentSettings;
  readonly class: AgentClass;
  readonly model: string;
  /** Every name that it may reach, or `open`. */
  readonly egress: readonly string[] | "open";
  /** The names of its secret variables; undefined where these cannot be read. */
  readonly secretNames: readonly string[] | undefined;
}

export interface Fleet {
  readonly settings: FleetSettings;
  /** By name. */
  readonly agents: readonly Agent[];
  /** The keys of `hosts`, by name. */
  readonly hosts: ReadonlyMap<string, HostEntry>;
  /** What the operator should know of how it was read. */
  readonly notices: readonly string[];
}

export const resolveHosts = ({ hosts }: FleetSettings): Map<string, HostEntry> =>
  new Map(sortedEntries(hosts).map(([name, entry]) => [name, sourceOf(entry).create(name, entry)]));

/** The class of an agent's entry, by name; undefined where there is no such class. */
export const classNameOf = (agent: AgentSettings, { defaults }: FleetSettings): string =>
  agent.class ?? defaults.class;

/** @throws TypeError for a class that does not exist, which the rules refuse. */
export function resolveFleet(
  settings: FleetSettings,
  hosts: ReadonlyMap<string, HostEntry>,
  {
    notices = [],
    secrets,
  }: { readonly notices?: readonly string[] | undefined; readonly secrets?: Secrets | undefined } = {},
): Fleet {
  const { minimumMb, idleMb, turnMb = minimumMb } = settings.footprint ?? footprintOf(settings.image);
  const reserved = (memoryMb: number): number => reservationOf({ idleMb, turnMb }, memoryMb, settings.sizing);
  const classes = new Map(
    Object.entries(settings.classes).map(([name, limits]): [string, AgentClass] => [
      name,
      { ...limits, name, reservationMb: limits.reservationMb ?? reserved(limits.memoryMb) },
    ]),
  );
  const agents = sortedEntries(settings.agents).map(([name, agent]): Agent => {
    const agentClass = classes.get(classNameOf(agent, settings));
    if (agentClass === undefined) throw new TypeError(`agent ${name} has a class that does not exist`);
    const model = agent.model ?? settings.defaults.model;
    const egress = agent.egress === "open" ? "open" : allowlistOf(agent, model, settings.defaults.egress);
    const secretNames = secrets && Object.keys(secrets.get(name) ?? {}).toSorted();
    return { name, settings: agent, class: agentClass, model, egress, secretNames };
  });
  return { settings, agents, hosts, notices };
}
