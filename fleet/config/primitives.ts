/** The forms of value that settings are made of. Each says in its error what to write instead. */
import { z } from "zod";

/** An agent's, host's or class's name: it becomes a DNS label, a container name and a network name. */
export const slug = z.string().regex(/^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/, {
  error: "use 1 to 40 lower-case letters, digits and inner hyphens, as in `support-bot`",
});

export const port = z.int().min(1).max(65_535);

/** Both ends included. */
export const portRange = z
  .string()
  .regex(/^\d{1,5}-\d{1,5}$/, { error: "use a range such as `18800-18899`" });

/** `example.com` is that name alone; `.example.com` is it and everything below it. */
export const domainPattern = z
  .string()
  .regex(/^\.?(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/, {
    error: "use a host name such as `api.example.com`, or `.example.com` for it and all names below it",
  });

export const cidr = z.cidrv4({ error: "use an IPv4 range such as `10.96.0.0/16`" });

/** Without a comment, because it is compared as a whole. */
export const publicKey = z
  .string()
  .regex(/^(?:ssh-ed25519|ecdsa-sha2-nistp\d+|ssh-rsa) [A-Za-z0-9+/]+={0,2}$/, {
    error: "use a public key such as `ssh-ed25519 AAAA…`, without a comment",
  });

/** A private key's file on the machine that runs this program. */
export const keyFile = z
  .string()
  .regex(/^(?:~\/|\/)\S+$/, { error: "use an absolute path, or one that begins with ~/" });

/** Absolute. */
export const folder = z.string().regex(/^\/\S*$/, { error: "use an absolute path" });

export const model = z.string().regex(/^[a-z0-9-]+\/\S+$/, {
  error: "name the provider and the model, as in `anthropic/claude-sonnet-4-6`",
});

export const VARIABLE_NAME = /^[A-Z_][A-Z0-9_]*$/;

export const variable = z.string().regex(VARIABLE_NAME, {
  error: "use an environment variable's name such as `TZ`",
});

/** A tool's name as OpenClaw knows it: `browser`, `exec`, `group:web`. */
const toolName = z.string().regex(/^[a-z][a-z0-9_:*-]*$/i, { error: "use a tool's name such as `browser`" });

export const tools = z.strictObject({
  allow: z
    .array(toolName)
    .default([])
    .describe(
      "Tools that may be used in addition to the profile `coding`. A deny overrides an allow, wherever either is.",
    ),
  deny: z.array(toolName).default([]).describe("Tools that may not be used."),
});

export const image = z.string().min(1);
