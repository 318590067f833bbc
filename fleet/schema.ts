/**
 * The words an operator types: the shape of `agent-fleet:fleet` in a stack's YAML.
 *
 * Shape only. Whether the values make sense together is said by the named rules in `rules.ts`.
 */
import { z } from "zod";

/** OpenClaw fleet's tenant id: it becomes a DNS label, a container name and a network name. */
export const SLUG = /^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/;

const slug = z.string().regex(SLUG, {
  error: "use 1 to 40 lower-case letters, digits and inner hyphens, as in `support-bot`",
});

const port = z.int().min(1).max(65_535);

/** `example.com` is that name alone; `.example.com` is it and everything below it. */
const domainPattern = z.string().regex(/^\.?(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/, {
  error: "use a host name such as `api.example.com`, or `.example.com` for it and all names below it",
});

const cidr = z.cidrv4({ error: "use an IPv4 range such as `10.96.0.0/16`" });

/** A tool's name as OpenClaw knows it: `browser`, `exec`, `group:web`. */
const toolName = z.string().regex(/^[a-z][a-z0-9_:*-]*$/i, { error: "use a tool's name such as `browser`" });

const tools = z.strictObject({
  /** Tools the agent may use beyond the profile. A deny beats an allow, wherever either stands. */
  allow: z.array(toolName).default([]),
  deny: z.array(toolName).default([]),
});

const model = z.string().regex(/^[a-z0-9-]+\/\S+$/, {
  error: "name the provider and the model, as in `anthropic/claude-sonnet-4-6`",
});

const variable = z.string().regex(/^[A-Z_][A-Z0-9_]*$/, {
  error: "use an environment variable's name such as `TZ`",
});

/** What one kind of agent may use of its host. Memory is in MiB. */
const resourceClass = z.strictObject({
  /** Hard limit, MiB; swap is capped to the same, so it is never exceeded on disk either. */
  memoryMb: z.int().min(64),
  /** What a host sets aside for it when agents are placed, MiB: roughly what the gateway holds when idle. */
  reservationMb: z.int().min(32),
  /** CPUs, in quarters. */
  cpus: z
    .number()
    .min(0.25)
    .max(256)
    .multipleOf(0.25, { error: "give CPUs in quarters, such as 0.5 or 1.25" }),
  /** Processes and threads together. */
  pids: z.int().min(32).max(32_768).default(512),
});

/** A Docker engine that already runs. */
const dockerHost = z.strictObject({
  kind: z.literal("docker"),
  /** Where its API answers: `unix:///var/run/docker.sock`, or `tcp://` on a network you trust. */
  address: z
    .string()
    .regex(/^(?:unix:\/\/\/\S+|tcp:\/\/\S+:\d+)$/, {
      error: "use `unix:///var/run/docker.sock` or `tcp://HOST:PORT`",
    })
    .default("unix:///var/run/docker.sock"),
  /** The range the agents' networks are cut from, eight addresses each. */
  rooms: cidr.default("10.96.0.0/16"),
  /** The loopback ports the agents get, first and last. */
  ports: z
    .tuple([port, port], { error: "give the first and the last port, as in `[18800, 18899]`" })
    .default([18_800, 18_899]),
});

const channel = z.strictObject({
  /** Who may open a direct conversation. `pairing`: strangers get a code that an operator approves. */
  dmPolicy: z.enum(["pairing", "allowlist", "open", "disabled"]).default("pairing"),
  /** Senders that are always let in, as the channel names them. */
  allowFrom: z.array(z.string().min(1)).optional(),
});

const agent = z.strictObject({
  /** A key of `classes`. Default: `defaults.class`. */
  class: z.string().optional(),
  /** `false` stops the agent and keeps its data, its token and its place. */
  enabled: z.boolean().default(true),
  /** Pins the agent to a key of `hosts`. Default: the host with the most room, and then for ever. */
  host: z.string().optional(),
  /** `provider/model`. Default: `defaults.model`. */
  model: model.optional(),
  tools: tools.prefault({}),
  /** Messaging channels; each takes its credentials from `agent-fleet:secrets`. */
  channels: z.partialRecord(z.enum(["telegram", "discord", "slack"]), channel.prefault({})).default({}),
  /** Further names the agent may reach, or `open` for an ordinary network without the back door. */
  egress: z.union([z.literal("open"), z.array(domainPattern)]).default([]),
  /** Plain environment variables. Secret ones belong into `agent-fleet:secrets`. */
  env: z.record(variable, z.string()).default({}),
  /** Labels on the agent's container, for the operator's own tools. */
  labels: z.record(z.string().min(1), z.string()).default({}),
});

export const fleetSchema = z.strictObject({
  /** Agents answer at `https://<agent>.<domain>`. */
  domain: z.string().regex(/^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/, {
    error: "use a domain name such as `agents.example.com`",
  }),
  hosts: z.record(slug, z.discriminatedUnion("kind", [dockerHost])),
  /** The OpenClaw gateway's image. Pin a version; a digest is better. */
  image: z.string().min(1).default("openclaw/openclaw:2026.9.6"),
  /** The way in: one Caddy per host. */
  frontDoor: z
    .strictObject({
      image: z.string().min(1).default("caddy:2.11.4"),
      /** Addresses that the HTTPS port is opened on. */
      listen: z
        .array(z.union([z.ipv4(), z.ipv6()]))
        .min(1)
        .default(["0.0.0.0"]),
      port: port.default(443),
      /** `internal`: certificates from Caddy's own authority, for one machine. */
      tls: z.enum(["internal"]).default("internal"),
      /**
       * The client address that the gateway is told for clients on the host itself. OpenClaw refuses to attribute a
       * request to a loopback address, so a fleet that is used from its own machine needs one; others must not set it.
       */
      loopbackClient: z.ipv4().optional(),
    })
    .prefault({}),
  /** The way out: one Squid per host. */
  backDoor: z
    .strictObject({
      image: z.string().min(1).default("ubuntu/squid:6.6-24.04_beta"),
      port: port.default(3128),
    })
    .prefault({}),
  classes: z.record(slug, resourceClass).default({
    light: { memoryMb: 1024, reservationMb: 640, cpus: 1, pids: 512 },
    standard: { memoryMb: 2048, reservationMb: 768, cpus: 2, pids: 512 },
    heavy: { memoryMb: 4096, reservationMb: 1536, cpus: 4, pids: 1024 },
  }),
  defaults: z
    .strictObject({
      class: z.string().default("standard"),
      model: model.default("anthropic/claude-sonnet-4-6"),
      /** For every agent. A tool denied here is denied to all, whatever an agent's entry allows. */
      tools: tools.prefault({ deny: ["gateway", "cron"] }),
      /** Names that every agent may reach. */
      egress: z.array(domainPattern).default([]),
      /** Seconds an agent may take to answer that it has started. */
      startSeconds: z.int().min(10).max(3600).default(300),
      /** Seconds an agent gets to finish when it is stopped. */
      stopSeconds: z.int().min(1).max(300).default(20),
    })
    .prefault({}),
  /** One entry per agent; an empty entry takes every default. */
  agents: z.record(
    slug,
    z.preprocess((entry) => entry ?? {}, agent),
  ),
});

/** A fleet in the operator's words, every default filled in. */
export type Fleet = z.infer<typeof fleetSchema>;
export type AgentEntry = Fleet["agents"][string];
export type HostEntry = Fleet["hosts"][string];
export type ResourceClass = Fleet["classes"][string];
export type ChannelName = "telegram" | "discord" | "slack";
