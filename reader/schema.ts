/**
 * The outputs of a fleet's stack: what other teams build on. Their programs take this file with them, so it imports
 * nothing but zod. `npm run schema` writes it down as JSON Schema.
 *
 * Keys may be added. Removing or renaming one, or giving it another type or meaning, breaks programs of other teams.
 */
import { z } from "zod";

const host = z.object({
  address: z.string().describe("Where its Docker daemon answers"),
  hostKey: z
    .string()
    .nullable()
    .default(null)
    .describe("The public host key of its SSH; null where it is not pinned, or not reached by SSH"),
  dataVolume: z
    .string()
    .nullable()
    .default(null)
    .describe(
      "The name at its provider's of the volume with its agents' data; null where it has none of its own",
    ),
  agents: z.array(z.string()).describe("Names of the agents on it"),
});

const agent = z.object({
  url: z.string().describe("Where the agent answers, by the access that it has"),
  access: z
    .enum(["public", "tailscale", "loopback"])
    .default("public")
    .describe(
      "What reaches it: the internet, members of the tailnet, or a tunnel from its host's loopback address",
    ),
  host: z.string().describe("Name of its host"),
  slot: z
    .int()
    .describe("Its place on that host, which gives its address and port; kept as long as it stays there"),
  enabled: z.boolean().describe("false: stopped, and its data, token and place are kept"),
  class: z.string().describe("Name of its size"),
  memoryMb: z.int().describe("Hard limit, MiB"),
  image: z.string().describe("The gateway's image"),
  container: z.string().describe("Name of its container on the host; there is none while it is disabled"),
  volume: z.string().describe("Name of the volume with its data on the host"),
  address: z
    .string()
    .describe("The gateway's address in the agent's own network, which only its host reaches"),
  loopbackPort: z.int().describe("Its port on the host's loopback address"),
});

export const fleetOutputSchema = z
  .object({
    hosts: z.record(z.string(), host).describe("By name"),
    agents: z.record(z.string(), agent).describe("By name, disabled ones too"),
  })
  .meta({ title: "The fleet output of an agent-fleet stack" });

export const tokensOutputSchema = z.record(z.string(), z.string());

export type FleetOutput = z.infer<typeof fleetOutputSchema>;

/** Agent -> its gateway's token. */
export type TokensOutput = z.infer<typeof tokensOutputSchema>;
