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

/** Loopback ports, both ends included. */
const portRange = z.string().regex(/^\d{1,5}-\d{1,5}$/, { error: "use a range such as `18800-18899`" });

/** `example.com` is that name alone; `.example.com` is it and everything below it. */
const domainPattern = z.string().regex(/^\.?(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/, {
  error: "use a host name such as `api.example.com`, or `.example.com` for it and all names below it",
});

/** A DNS server: `1.1.1.1`, or `127.0.0.1:5353`. */
const resolver = z.string().refine(
  (text) => {
    const [address, number = "53", ...rest] = text.split(":");
    return z.ipv4().safeParse(address).success && /^\d{1,5}$/.test(number) && rest.length === 0;
  },
  { error: "use an IPv4 address such as `1.1.1.1`, and its port where that is not 53" },
);

const cidr = z.cidrv4({ error: "use an IPv4 range such as `10.96.0.0/16`" });

/** Without a comment: it is compared, and told on, as it stands. */
const publicKey = z.string().regex(/^(?:ssh-ed25519|ecdsa-sha2-nistp\d+|ssh-rsa) [A-Za-z0-9+/]+={0,2}$/, {
  error: "use a public key such as `ssh-ed25519 AAAA…`, without a comment",
});

/** A private key's file on the machine that runs this program. */
const keyFile = z
  .string()
  .regex(/^(?:~\/|\/)\S+$/, { error: "use an absolute path, or one that begins with ~/" });

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
  /** What a host sets aside for it, MiB. Default: what the image's gateway was measured to hold when idle. */
  reservationMb: z.int().min(32).optional(),
  /** CPUs, in quarters. */
  cpus: z
    .number()
    .min(0.25)
    .max(256)
    .multipleOf(0.25, { error: "give CPUs in quarters, such as 0.5 or 1.25" }),
  /** Processes and threads together. */
  pids: z.int().min(32).max(32_768).default(512),
  /** What a host's disk sets aside for its data, GB. Docker does not enforce it. */
  diskGb: z.number().min(0.5).default(2),
});

/** What every kind of host is asked: where its agents' subnets and ports are. */
const places = {
  /** The range the agents' networks are cut from, eight addresses each. */
  subnets: cidr.default("10.96.0.0/16"),
  /** The loopback ports that the agents get. A range appended later moves nobody. */
  ports: z.array(portRange).min(1).default(["18800-18899"]),
  /** Agents on one host at most. Default: as many as there are ports. */
  maxAgents: z.int().min(1).optional(),
};

/** What a host that is there already is made of. */
const machine = {
  /** Its memory, MiB. Left out, memory is no limit to what is placed on it; so with the next two. */
  memoryMb: z.int().min(1024).optional(),
  cpus: z.number().positive().optional(),
  /** The disk that holds Docker's volumes, GB. */
  diskGb: z.number().positive().optional(),
  /** Moves its agents elsewhere, and takes none. */
  drain: z.boolean().default(false),
};

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
  ...machine,
  ...places,
});

/** A server of the operator's, reached by SSH. Docker runs on it. */
const sshHost = z.strictObject({
  kind: z.literal("ssh"),
  /** Its name or address, for SSH and, by its ingress, for the fleet's users. */
  address: z.string().regex(/^[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?$/, {
    error: "use a host name or an IPv4 address",
  }),
  /** May use Docker there. */
  user: z
    .string()
    .regex(/^[a-z_][a-z0-9_-]*$/, { error: "use a login name" })
    .default("root"),
  port: port.default(22),
  /** Default: what `ssh` would use. */
  key: keyFile.optional(),
  /** The server's public host key: so the first connection is not blind. Default: known hosts. */
  hostKey: publicKey.optional(),
  /** How long it may take to answer. */
  connectSeconds: z.int().min(1).max(300).default(15),
  ...machine,
  ...places,
});

/** A server's name: its group's, and a number. */
const serverName = z.string().regex(/^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?-[1-9]\d*$/, {
  error: "use a server's name such as `fsn1-2`",
});

/** A group of servers at Hetzner: as many, and as large, as its agents need. Each is named `<group>-<number>`. */
const hetznerServers = z.strictObject({
  kind: z.literal("hetzner"),
  /** Families of server types to choose from, as in the catalogue: `cx`, `cpx`, `cax`, `ccx`. */
  families: z
    .array(z.string().regex(/^[a-z]{2,4}$/, { error: "use a family such as `cx`" }))
    .min(1)
    .default(["cx"]),
  /** Where servers may stand. Of equal prices the first is taken. */
  locations: z.array(z.string().regex(/^[a-z]{3}\d?$/, { error: "use a location such as `fsn1`" })).min(1),
  /**
   * What may be done for agents that find no room: `add` a server, or `resize` one, which powers it off for some minutes.
   * Where both may, the cheaper is. A group's first server is always added. Servers are never made smaller.
   */
  growth: z
    .array(z.enum(["add", "resize"]))
    .min(1)
    .default(["add"]),
  /**
   * Size of a server's data volume, GB for each GB of its memory, in steps of 10 GB. The volume outlives the server.
   * With 0 there is none, and agents' data is on the server's own disk.
   */
  volumePerMemory: z.number().min(0).max(100).default(2.5),
  /** Servers whose agents move elsewhere, and that take none. */
  drain: z.array(serverName).default([]),
  /** Drained and empty servers to delete. */
  retire: z.array(serverName).default([]),
  /** The system that a new server begins with: Debian 12 or later. A server keeps the one that it was made with. */
  image: z.string().min(1).default("debian-13"),
  /** Who may log in as root. Only a new server is told. */
  publicKeys: z.array(publicKey).min(1),
  /** The file of one of their private keys. Default: what `ssh` would use. */
  key: keyFile.optional(),
  /**
   * From where SSH is let in. With an empty list from nowhere: the servers are then reached over `tailscale`, which a new
   * one joins while SSH is still open to it.
   */
  sshFrom: z.array(z.union([z.cidrv4(), z.cidrv6()], { error: "use a range such as `203.0.113.0/24`" })),
  /**
   * Hetzner refuses to delete or rebuild the servers, their addresses and their data volumes. To delete or replace one, set
   * this to `false`, bring the fleet up, and then do it. A drained server loses the protection by itself.
   */
  protection: z.boolean().default(true),
  /** How long a new server may take until Docker answers on it. */
  readySeconds: z.int().min(60).max(3600).default(900),
  ...places,
});

/** What an agent is used for, to estimate what its models cost. */
const usage = z.strictObject({
  messagesPerDay: z.number().min(0),
  /** The share of them that a small model answers, 0 to 1. */
  smallModelShare: z.number().min(0).max(1).default(0),
  /** The share that a model on one's own hardware answers. */
  localModelShare: z.number().min(0).max(1).default(0),
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
  /** Pins the agent to a key of `hosts`, or to one server of a group. Default: where there is room, and then for ever. */
  host: z.string().optional(),
  /** Keeps the agent to servers in a location, such as `fsn1`. */
  location: z.string().optional(),
  /**
   * `public`: at `https://<agent>.<domain>`. `tailscale`: for the members of the tailnet alone. `loopback`: at a port of its
   * host's loopback address alone, to which an SSH tunnel leads.
   */
  access: z.enum(["public", "tailscale", "loopback"]).default("public"),
  /** No two agents with the same word here share a host. */
  spread: slug.optional(),
  /** `dedicated`: alone on a host of its own, so that it shares no kernel with another tenant. */
  isolation: z.enum(["shared", "dedicated"]).default("shared"),
  /** `provider/model`. Default: `defaults.model`. */
  model: model.optional(),
  tools: tools.prefault({}),
  /** Messaging channels; each takes its credentials from `agent-fleet:secrets`. */
  channels: z.partialRecord(z.enum(["telegram", "discord", "slack"]), channel.prefault({})).default({}),
  /** Further names the agent may reach, or `open` for an ordinary network without the egress proxy. */
  egress: z.union([z.literal("open"), z.array(domainPattern)]).default([]),
  /** Plain environment variables. Secret ones belong into `agent-fleet:secrets`. */
  env: z.record(variable, z.string()).default({}),
  /** Labels on the agent's container, for the operator's own tools. */
  labels: z.record(z.string().min(1), z.string()).default({}),
  usage: usage.optional(),
});

export const fleetSchema = z.strictObject({
  /** Agents answer at `https://<agent>.<domain>`. */
  domain: z.string().regex(/^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/, {
    error: "use a domain name such as `agents.example.com`",
  }),
  hosts: z.record(slug, z.discriminatedUnion("kind", [dockerHost, sshHost, hetznerServers])),
  /** The OpenClaw gateway's image. Pin a version; a digest is better. */
  image: z.string().min(1).default("openclaw/openclaw:2026.9.6"),
  /** The way in: one Caddy per host. */
  ingress: z
    .strictObject({
      image: z.string().min(1).default("caddy:2.11.4"),
      /** Addresses that the HTTPS port is opened on. */
      listen: z
        .array(z.union([z.ipv4(), z.ipv6()]))
        .min(1)
        .default(["0.0.0.0"]),
      port: port.default(443),
      /**
       * `internal`: certificates from Caddy's own authority, for one machine. `acme`: a public one for each agent, kept in the
       * door's volume; every agent's name must lead to its host, and port 443 there to the ingress. `wildcard`: one public
       * certificate for each host, proved by a DNS record; it needs an `image` with Caddy's module for that.
       */
      tls: z.enum(["internal", "acme", "wildcard"]).default("internal"),
      /** Plain HTTP is led to HTTPS from here. Default: there is no plain HTTP. */
      httpPort: port.optional(),
      /** Who gives public certificates. */
      acme: z
        .strictObject({
          /** The authority's directory. Default: Let's Encrypt. */
          directory: z
            .string()
            .regex(/^https:\/\/\S+$/, { error: "use the HTTPS address of an ACME directory" })
            .default("https://acme-v02.api.letsencrypt.org/directory"),
          /** Whom the authority writes to about the account. */
          email: z.email({ error: "use an e-mail address" }).optional(),
          /** Who serves the domain's DNS, as Caddy's module for it is called. For `wildcard`. */
          dnsProvider: z.string().min(1).default("cloudflare"),
          /**
           * Whom a host asks where the zone begins, and whether the record is there. Default: the host's own DNS, and then the
           * zone's servers. For hosts whose own DNS knows another zone of that name, or that may not ask the zone's servers.
           */
          dnsResolvers: z.array(resolver).default([]),
        })
        .prefault({}),
      /**
       * The client address that the gateway is told for clients on the host itself. OpenClaw refuses to attribute a
       * request to a loopback address, so a fleet that is used from its own machine needs one; others must not set it.
       */
      loopbackClient: z.ipv4().optional(),
    })
    .prefault({}),
  /** The way out: one Squid per host. */
  egressProxy: z
    .strictObject({
      image: z.string().min(1).default("ubuntu/squid:6.6-24.04_beta"),
      port: port.default(3128),
    })
    .prefault({}),
  /** The way in for the members of a tailnet: each host becomes a node of it. */
  tailscale: z
    .strictObject({
      /** The tailnet's DNS name. */
      tailnet: z
        .string()
        .regex(/^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/, { error: "use a tailnet's name such as `tail1234.ts.net`" }),
      image: z.string().min(1).default("tailscale/tailscale:v1.104.5"),
      /**
       * Another control server, such as a Headscale of your own. Default: Tailscale's. A host that has joined stays where it
       * is.
       */
      loginServer: z
        .string()
        .regex(/^https?:\/\/\S+$/, { error: "use an address such as `https://headscale.example.com`" })
        .optional(),
    })
    .optional(),
  /** Who serves the domain's DNS. */
  dns: z
    .discriminatedUnion("kind", [
      /** The operator sets the records that the plan prints. */
      z.strictObject({ kind: z.literal("none") }),
      z.strictObject({
        kind: z.literal("cloudflare"),
        zoneId: z.string().regex(/^[0-9a-f]{32}$/, { error: "use the zone's id: 32 hexadecimal digits" }),
        /** Records that the zone has room for: 200 on a free zone, less those of others. */
        maxRecords: z.int().min(1).default(200),
      }),
    ])
    .default({ kind: "none" }),
  /** The range of the private network of rented servers. */
  privateNetwork: cidr.default("10.80.0.0/16"),
  /** What the image was measured to need, MiB, where this program does not know the image: see `npm run footprint`. */
  footprint: z.strictObject({ minimumMb: z.int().positive(), idleMb: z.int().positive() }).optional(),
  classes: z.record(slug, resourceClass).prefault({
    light: { memoryMb: 1024, cpus: 1 },
    standard: { memoryMb: 2048, cpus: 2 },
    heavy: { memoryMb: 4096, cpus: 4, pids: 1024, diskGb: 5 },
  }),
  /** The formula's constants: see `sizing.ts`. */
  sizing: z
    .strictObject({
      /** Memory limits of a host's agents together, as a multiple of its memory. */
      memoryOvercommit: z.number().min(1).max(4).default(1.5),
      /** CPUs of a host's agents together, as a multiple of its own. */
      cpuOvercommit: z.number().min(1).max(64).default(6.25),
      /** The share of a host's memory that no agent is given, and at least how much of it, MiB. */
      reserveShare: z.number().min(0).max(0.9).default(0.25),
      reserveMb: z.int().min(0).default(1024),
      /** Of a disk that agents share with the system, GB. */
      reserveDiskGb: z.number().min(0).default(10),
    })
    .prefault({}),
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
export type DockerHost = Extract<HostEntry, { kind: "docker" }>;
export type SshHost = Extract<HostEntry, { kind: "ssh" }>;
/** A host that is there already. */
export type OwnHost = DockerHost | SshHost;
export type HetznerServers = Extract<HostEntry, { kind: "hetzner" }>;
export type ResourceClass = Fleet["classes"][string];
export type ChannelName = "telegram" | "discord" | "slack";
