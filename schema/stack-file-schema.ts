/** The shape of `Pulumi.<stack>.yaml`, for editors: completion, descriptions, and an underline under what is wrong. */
import { z } from "zod";
import { VARIABLE_NAME } from "../fleet/config/primitives.ts";
import { fleetSchema } from "../fleet/config/schema.ts";
import { NAMESPACE, STACK_KEYS } from "../fleet/config/stack-keys.ts";
import { SERVICES } from "../fleet/services/index.ts";
import { type JsonSchema, toJsonSchema } from "./json-schema.ts";

/** As `pulumi config set --secret` writes it. */
const encrypted = z.strictObject({ secure: z.string() });

const secret = z.union([z.string(), encrypted]);

const credentials = Object.fromEntries(
  SERVICES.flatMap((service) => service.credentials).map(({ key, purpose }) => [
    `agent-fleet:${key}`,
    secret.optional().describe(`Needed ${purpose}.`),
  ]),
);

const config = z.looseObject({
  "agent-fleet:fleet": fleetSchema.describe("The fleet: see docs/configuration.md."),
  "agent-fleet:secrets": z
    .record(z.string(), z.record(z.string().regex(VARIABLE_NAME), encrypted))
    .optional()
    .describe("Secret environment variables: agent -> variable -> value. Set with `npm run secret`."),
  "hcloud:token": secret
    .optional()
    .describe("With hosts of kind hetzner; or HCLOUD_TOKEN in the environment."),
  "cloudflare:apiToken": secret
    .optional()
    .describe("With dns.kind cloudflare; or CLOUDFLARE_API_TOKEN in the environment."),
  ...credentials,
});

/** Other keys of this program's namespace, which Pulumi also takes without it. Those of providers are not ours to judge. */
const UNKNOWN_KEY = `^(?:${NAMESPACE}:)?(?!(?:${STACK_KEYS.join("|")})$)[^:]+$`;

export const stackFileSchema = (): JsonSchema => ({
  ...toJsonSchema(z.looseObject({ config: config.meta({ patternProperties: { [UNKNOWN_KEY]: false } }) })),
  title: "A stack file of Agent Fleet: Pulumi.<stack>.yaml",
});
