import { describe, expect, it } from "vitest";
import type { z } from "zod";
import {
  domainPattern,
  keyFile,
  model,
  portRange,
  publicKey,
  slug,
  variable,
} from "../../../fleet/config/primitives.ts";

const FORMS: readonly [name: string, form: z.ZodType, accepted: string[], refused: string[]][] = [
  [
    "slug",
    slug,
    ["a", "support-bot", "a".repeat(40), "7"],
    ["", "-a", "a-", "A", "a_b", "a.b", "a".repeat(41)],
  ],
  [
    "domainPattern",
    domainPattern,
    ["example.com", ".example.com", "a-b.example.co"],
    [
      "com",
      "https://example.com",
      "*.example.com",
      "example.com.",
      "-a.com",
      "10.0.0.1",
      "a b.com",
      "a.com\nb.com",
    ],
  ],
  ["model", model, ["anthropic/claude", "openrouter/a/b"], ["claude", "/claude", "anthropic/"]],
  ["variable", variable, ["TZ", "_A1"], ["tz", "1A", "A-B", "A=B", ""]],
  ["portRange", portRange, ["1-2", "18800-18899"], ["18800", "18800-", "a-b", "1-2-3"]],
  ["keyFile", keyFile, ["~/.ssh/id", "/etc/key"], ["key", "-F/tmp/x", "~x/key", "/a b"]],
  [
    "publicKey",
    publicKey,
    ["ssh-ed25519 AAAA", "ssh-rsa AAAA==", "ecdsa-sha2-nistp256 AAAA"],
    [
      "ssh-ed25519",
      "ssh-ed25519 AAAA me@home",
      "ssh-ed25519 AAAA; rm",
      "ssh-ed25519 AAAA\nssh-rsa BBBB",
      "dsa AAAA",
    ],
  ],
];

describe("the forms of values", () => {
  it.each(FORMS)("%s accepts what it describes and refuses the rest", (_, form, accepted, refused) => {
    expect(accepted.filter((text) => !form.safeParse(text).success)).toEqual([]);
    expect(refused.filter((text) => form.safeParse(text).success)).toEqual([]);
  });
});
