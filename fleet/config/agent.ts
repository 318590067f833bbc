/** `agents.<slug>`: one tenant's agent. */
import { z } from "zod";
import { CHANNEL_NAMES, type ChannelName } from "../../openclaw/channels.ts";
import { domainPattern, model, slug, tools, variable } from "./primitives.ts";

const usage = z.strictObject({
  messagesPerDay: z.number().min(0).describe("Messages that the agent answers on an average day."),
  smallModelShare: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .describe("The share of them that a small model answers."),
  localModelShare: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .describe("The share of them that a model on your own hardware answers."),
});

const channel = z.strictObject({
  dmPolicy: z
    .enum(["pairing", "allowlist", "open", "disabled"])
    .default("pairing")
    .describe(
      "Who may open a direct conversation. With `pairing`, new senders get a code that an operator approves.",
    ),
  allowFrom: z
    .array(z.string().min(1))
    .optional()
    .describe("Senders that are always allowed, as the channel names them."),
});

export const agent = z.strictObject({
  class: z.string().optional().describe("A key of `classes`. Default: `defaults.class`."),
  enabled: z
    .boolean()
    .default(true)
    .describe("`false` stops the agent and keeps its data, its token and its place."),
  host: z
    .string()
    .optional()
    .describe(
      "Pins the agent to a host, to a group of servers, or to one server of a group. Default: a host with enough capacity; the agent then stays there.",
    ),
  location: z.string().optional().describe("Restricts the agent to servers in a location, such as `fsn1`."),
  access: z
    .enum(["public", "tailscale", "loopback"])
    .default("public")
    .describe(
      "`public`: at `https://<agent>.<domain>`. `tailscale`: for members of the tailnet only. `loopback`: only at a port of its host's loopback address, for an SSH tunnel. See [hosts](hosts.md#access).",
    ),
  antiAffinity: slug.optional().describe("Agents with the same word here never share a host."),
  isolation: z
    .enum(["shared", "dedicated"])
    .default("shared")
    .describe("`shared`, or `dedicated`: alone on a host, so that it shares a kernel with no other agent."),
  model: model.optional().describe("`provider/model`. Default: `defaults.model`."),
  tools: tools.prefault({}).describe("The agent's own tool lists."),
  channels: z
    .partialRecord(z.enum(CHANNEL_NAMES), channel.prefault({}))
    .default({})
    .describe(
      "Messaging channels, by name: `telegram`, `discord`, `slack`. Each takes its credentials from the agent's secrets: `TELEGRAM_BOT_TOKEN`, `DISCORD_BOT_TOKEN`, `SLACK_BOT_TOKEN` and `SLACK_APP_TOKEN`. A missing one is an error, and so is one that two agents share, because both gateways would compete for its messages.",
    ),
  egress: z
    .union([z.literal("open"), z.array(domainPattern)], {
      error: "use a list of names such as [api.example.com], or `open`",
    })
    .default([])
    .describe(
      "Names on the internet that the agent may reach in addition to its model's provider and its channels: `example.com`, or `.example.com` for it and all names below it. `open`: an ordinary network without the egress proxy.",
    ),
  env: z
    .record(variable, z.string())
    .default({})
    .describe("Environment variables in plain text. Secret ones are set with `npm run secret`."),
  labels: z
    .record(z.string().min(1), z.string())
    .default({})
    .describe("Labels on the agent's container, for your own tools."),
  usage: usage.optional().describe("What the agent is used for, to estimate what its models cost."),
});

export type AgentSettings = z.infer<typeof agent>;

/** The channels that an agent has, by name. */
export const channelsOf = ({ channels }: Pick<AgentSettings, "channels">): ChannelName[] =>
  CHANNEL_NAMES.filter((channel) => channels[channel] !== undefined).toSorted();
