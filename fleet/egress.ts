/** Which names on the internet an agent needs for the model provider and the channels it is configured with. */
import type { AgentEntry, ChannelName, Fleet } from "./config/schema.ts";

const PROVIDERS: Readonly<Record<string, readonly string[]>> = {
  anthropic: ["api.anthropic.com"],
  deepseek: ["api.deepseek.com"],
  google: ["generativelanguage.googleapis.com"],
  groq: ["api.groq.com"],
  mistral: ["api.mistral.ai"],
  openai: ["api.openai.com"],
  openrouter: ["openrouter.ai"],
  together: ["api.together.xyz"],
  xai: ["api.x.ai"],
};

interface Channel {
  readonly domains: readonly string[];
  /** The channel's credentials in `openclaw.json`, and the secret variable each is read from. */
  readonly credentials: Readonly<Record<string, string>>;
}

export const CHANNELS: Readonly<Record<ChannelName, Channel>> = {
  telegram: { domains: ["api.telegram.org"], credentials: { botToken: "TELEGRAM_BOT_TOKEN" } },
  discord: {
    domains: ["discord.com", ".discord.gg", "cdn.discordapp.com", "media.discordapp.net"],
    credentials: { token: "DISCORD_BOT_TOKEN" },
  },
  slack: {
    domains: [".slack.com", ".slack-edge.com"],
    credentials: { botToken: "SLACK_BOT_TOKEN", appToken: "SLACK_APP_TOKEN" },
  },
};

/** The provider of a model: `anthropic` for `anthropic/claude-sonnet-4-6`. */
export const providerOf = (model: string): string => model.slice(0, model.indexOf("/"));

export const isKnownProvider = (provider: string): boolean => Object.hasOwn(PROVIDERS, provider);

export const channelsOf = (agent: AgentEntry): ChannelName[] =>
  (Object.keys(agent.channels) as ChannelName[]).toSorted();

/** A name that a wider `.name` in the same list already covers: Squid refuses such a pair. */
const isCovered = (domain: string, all: readonly string[]): boolean =>
  all.some(
    (wide) => wide.startsWith(".") && wide !== domain && `.${domain.replace(/^\./, "")}`.endsWith(wide),
  );

/** The names an agent may reach through the egress proxy, sorted and without doubles; `open` where it has none. */
export function reachOf(agent: AgentEntry, fleet: Fleet): readonly string[] | "open" {
  if (agent.egress === "open") return "open";
  const names = [
    ...(PROVIDERS[providerOf(agent.model ?? fleet.defaults.model)] ?? []),
    ...channelsOf(agent).flatMap((name) => CHANNELS[name].domains),
    ...fleet.defaults.egress,
    ...agent.egress,
  ];
  return [...new Set(names)].filter((name, _, all) => !isCovered(name, all)).toSorted();
}
