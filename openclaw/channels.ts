/** The messaging channels that an agent can be given, and what each of them needs. */

interface Channel {
  /** Names that the channel's client connects to. */
  readonly domains: readonly string[];
  /** The channel's credentials in `openclaw.json`, each with the secret variable that it is read from. */
  readonly credentials: Readonly<Record<string, string>>;
}

export const CHANNEL_NAMES = ["telegram", "discord", "slack"] as const;

export type ChannelName = (typeof CHANNEL_NAMES)[number];

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

/** The secret variables that the channels read their credentials from. */
export const credentialVariables = (channels: readonly ChannelName[]): string[] =>
  channels.flatMap((channel) => Object.values(CHANNELS[channel].credentials));
