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

/** Undefined is what cannot be told, and is not compared. `configuration` is all of it, as it is handed over. */
export const agentSettings = ({
  config,
  gateway,
  url,
  network,
  egress,
  env,
  secretNames,
  limits,
}: DockerAgentPlan): Settings => ({
  configuration: config,
  model: gateway.model,
  tools: [gateway.tools, gateway.sharedTools],
  channels: gateway.channels,
  URL: url,
  network,
  egress: egress === "open",
  "name-resolution": egress === "open" ? undefined : "none",
  "egress-proxy": sortedEntries(env).filter(([key]) => EGRESS_VARIABLES.has(key)),
  secrets: secretNames,
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

const told = (settings: Settings): [string, unknown][] =>
  sortedEntries(settings).filter(([, value]) => value !== undefined);

/** `configuration=1f2e3d4c environment=…`: the value of the label. */
export const renderSettings = (settings: Settings): string =>
  told(settings)
    .map(([name, value]) => `${name}=${hash(value)}`)
    .join(" ");

/** What the others bring about: named only where none of them differs. */
const DERIVED: ReadonlySet<string> = new Set(["configuration", "egress-proxy", "name-resolution"]);

/** The names of those that differ from a label's value. */
export function changedSettings(settings: Settings, label: string): string[] {
  const known = new Set(label.split(" "));
  const changed = told(settings)
    .filter(([name, value]) => !known.has(`${name}=${hash(value)}`))
    .map(([name]) => name);
  const causes = changed.filter((name) => !DERIVED.has(name));
  return (causes.length > 0 ? causes : changed).map((name) => name.replaceAll("-", " "));
}
