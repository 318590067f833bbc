/**
 * The settings that an operator writes: the shape of `agent-fleet:fleet` in a stack's YAML.
 *
 * Shape only: what must hold between settings is in `rules/` and in the folders of hosts and services. The reference in
 * `docs/configuration.md` and the JSON Schema for editors are generated from here.
 */
import { z } from "zod";
import { hostSettings } from "../hosts/index.ts";
import { serviceShape } from "../services/index.ts";
import { agent } from "./agent.ts";
import { DEFAULT_CLASSES, resourceClass } from "./class.ts";
import { defaults } from "./defaults.ts";
import { dns } from "./dns.ts";
import { cidr, image, slug } from "./primitives.ts";
import { footprint, sizing } from "./sizing.ts";

export const fleetSchema = z.strictObject({
  domain: z
    .string()
    .regex(/^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/, {
      error: "use a domain name such as `agents.example.com`",
    })
    .describe("Agents answer at `https://<agent>.<domain>`."),
  hosts: z.record(slug, hostSettings).describe("The machines that agents are placed on, by name."),
  agents: z
    .record(
      slug,
      // `alice:` without a value is an entry too.
      agent.nullish().transform((entry) => entry ?? agent.parse({})),
    )
    .describe(
      "One entry per agent, by name: 1 to 40 lower-case letters, digits and inner hyphens. An empty entry takes every default.",
    ),
  image: image
    .default("openclaw/openclaw:2026.9.6")
    .describe("The OpenClaw gateway's image. Pin a version, or better a digest."),
  defaults: defaults.prefault({}).describe("What every agent gets unless its entry says otherwise."),
  classes: z
    .record(slug, resourceClass)
    .prefault(DEFAULT_CLASSES)
    .describe(
      "Kinds of agent by what they may use of their host, by name. Giving any replaces all three defaults.",
    ),
  ...serviceShape,
  dns: dns.describe("How the domain's DNS records are set. See [hosts](hosts.md#dns)."),
  privateNetwork: cidr
    .default("10.80.0.0/16")
    .describe("The range of the private network of servers at Hetzner."),
  sizing: sizing
    .prefault({})
    .describe("The constants of the formula that hosts are sized by. See [sizing](sizing.md)."),
  footprint: footprint
    .optional()
    .describe(
      "What the image was measured to need, where this program does not know the image; measure it with `npm run footprint -- IMAGE`.",
    ),
});

/** A fleet in the operator's words, every default filled in. */
export type FleetSettings = z.infer<typeof fleetSchema>;
