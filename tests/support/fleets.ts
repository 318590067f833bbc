/** Small fleets for tests of the pure core. */
import { type Fleet, resolveHosts } from "../../fleet/config/fleet.ts";
import { FleetError, type Problem } from "../../fleet/config/problem.ts";
import type { Rule } from "../../fleet/config/rules/rule.ts";
import { type FleetSettings, fleetSchema } from "../../fleet/config/schema.ts";
import { type FleetPlan, planFleet } from "../../fleet/plan-fleet.ts";
import type { RegisteredServer, Registry, Slot } from "../../fleet/registry.ts";
import { CATALOGUE } from "../../stacks/catalogue.ts";
import { parseFleet } from "./parse-fleet.ts";

/** Who may log in to cloud servers: what a group of them cannot do without. */
export const LOGIN = { publicKeys: ["ssh-ed25519 AAAA"], sshFrom: ["203.0.113.0/24"] };

export const TAILNET = { tailnet: "tail1234.ts.net" };

/** A group of servers at Hetzner. */
export const hetznerGroup = (settings: object = {}): object => ({
  kind: "hetzner",
  ...LOGIN,
  families: ["cx"],
  locations: ["fsn1"],
  ...settings,
});

/** A valid configuration with whatever a test is about put over it. */
export const config = (changes: Record<string, unknown> = {}): Record<string, unknown> => ({
  domain: "agents.example.com",
  hosts: { one: { kind: "docker" } },
  agents: { alice: {}, bob: {} },
  ...changes,
});

export const fleet = (changes: Record<string, unknown> = {}): Fleet => parseFleet(config(changes));

export const registryOf = (
  agents: Readonly<Record<string, Slot>> = {},
  servers: Readonly<Record<string, RegisteredServer>> = {},
): Registry => ({ agents: new Map(Object.entries(agents)), servers: new Map(Object.entries(servers)) });

/** The plan of a fleet in stack `test`. */
export const planOf = (changes: Record<string, unknown> = {}, registry = registryOf()): FleetPlan =>
  planFleet(fleet(changes), registry, "test", CATALOGUE);

/** What a plan's agents leave in the state. */
export const agentsOf = ({ agents }: FleetPlan): Record<string, Slot> =>
  Object.fromEntries(agents.map(({ name, host, slot }) => [name, { host, slot }]));

/** `path = value | message | remedy` */
export const rendered = ({ path, value, message, remedy }: Problem): string =>
  [`${path}${value === undefined ? "" : ` = ${JSON.stringify(value)}`}`, message, remedy].join(" | ");

/** What an action is refused with; nothing where it is not refused. */
export function refusals(action: () => unknown): string[] {
  try {
    action();
  } catch (error) {
    if (!(error instanceof FleetError)) throw error;
    return error.problems.map(rendered);
  }
  return [];
}

/** What a configuration is refused with. */
export const problemsOf = (raw: unknown): string[] => refusals(() => parseFleet(raw));

/** A configuration's settings of the right shape, before any rule is asked. */
export const settingsOf = (changes: Record<string, unknown> = {}): FleetSettings =>
  fleetSchema.parse(config(changes));

/** How a table of general rules is checked. */
export const checks = (rules: Readonly<Record<string, Rule>>) => ({
  byRule: (rule: string, changes: Record<string, unknown>): string[] => {
    const settings = settingsOf(changes);
    return rules[rule]?.(settings, resolveHosts(settings)).map(rendered) ?? [];
  },
  byAll: (changes: Record<string, unknown>): string[] => problemsOf(config(changes)),
});
