/**
 * What a container is created with, where a plan cannot read it back: the state keeps a container's variables sealed, because
 * there are secrets among them. A label holds a short hash of each instead, so that a plan says which of them has changed.
 */
import { createHash } from "node:crypto";
import { HEALTH_CHECK, START_COMMAND } from "../../openclaw/contract.ts";
import { EGRESS_VARIABLES, MEMORY_VARIABLE } from "../../openclaw/environment.ts";
import { sortedEntries } from "../text.ts";
import type { DockerAgentPlan, ServicePlan } from "./types.ts";

/** By setting, in the operator's words. */
export type Settings = Readonly<Record<string, unknown>>;

export const agentSettings = ({ config, env, limits }: DockerAgentPlan): Settings => ({
  configuration: config,
  egress: sortedEntries(env).filter(([key]) => EGRESS_VARIABLES.has(key)),
  environment: sortedEntries(env).filter(([key]) => !EGRESS_VARIABLES.has(key) && key !== MEMORY_VARIABLE),
  processes: limits.pids,
  "start-command": [START_COMMAND, HEALTH_CHECK],
});

export const serviceSettings = ({
  container,
  sharedVolumes,
  credentials,
  config,
}: ServicePlan): Settings => ({
  container: [container, sharedVolumes, credentials, config.file],
});

const DIGITS = 8;

const hash = (value: unknown): string =>
  createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, DIGITS);

/** `configuration=1f2e3d4c environment=…`: the value of the label. */
export const renderSettings = (settings: Settings): string =>
  sortedEntries(settings)
    .map(([name, value]) => `${name}=${hash(value)}`)
    .join(" ");

/** The names of those that differ from a label's value. */
export function changedSettings(settings: Settings, label: string): string[] {
  const known = new Set(label.split(" "));
  return sortedEntries(settings)
    .filter(([name, value]) => !known.has(`${name}=${hash(value)}`))
    .map(([name]) => name.replaceAll("-", " "));
}
