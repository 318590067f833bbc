/** Which names on the internet an agent may reach. */
import { CHANNELS } from "../openclaw/channels.ts";
import { modelDomains } from "../openclaw/model-providers.ts";
import { type AgentSettings, channelsOf } from "./config/agent.ts";

/** A name that a wider `.name` in the same list already covers: Squid refuses such a pair. */
const isCovered = (domain: string, all: readonly string[]): boolean =>
  all.some(
    (wide) => wide.startsWith(".") && wide !== domain && `.${domain.replace(/^\./, "")}`.endsWith(wide),
  );

/**
 * The names that an agent may reach through the egress proxy, sorted and without duplicates: those of its model's provider
 * and its channels, the fleet's defaults, and its own.
 */
export function allowlistOf(agent: AgentSettings, model: string, defaults: readonly string[]): string[] {
  const names = [
    ...(modelDomains(model) ?? []),
    ...channelsOf(agent).flatMap((channel) => CHANNELS[channel].domains),
    ...defaults,
    ...(agent.egress === "open" ? [] : agent.egress),
  ];
  return [...new Set(names)].filter((name, _, all) => !isCovered(name, all)).toSorted();
}
