import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import type { Providers } from "../../stacks/config.ts";
import { missingCredentials } from "../../stacks/credentials.ts";
import { fleet, LOGIN } from "../support/fleets.ts";

const NONE: Providers = {
  hetzner: { token: undefined, endpoint: undefined },
  cloudflare: { token: undefined, baseUrl: undefined },
  doors: { dnsToken: undefined, tailscaleKey: undefined },
};
const secret = pulumi.secret("x");
const everything = fleet({
  hosts: { eu: { kind: "hetzner", ...LOGIN, locations: ["fsn1"] } },
  dns: { kind: "cloudflare", zoneId: "0".repeat(32) },
  ingress: { tls: "wildcard", image: "caddy-with-cloudflare:2.11.4" },
  tailscale: { tailnet: "tail1234.ts.net" },
});
const missing = (...args: Parameters<typeof missingCredentials>): string[] =>
  missingCredentials(...args).map(({ path, remedy }) => `${path}: ${remedy}`);

describe("what a fleet's providers must be told", () => {
  it("is asked for at once, each with the command that sets it", () => {
    expect(missing(everything, NONE, {})).toEqual(
      ["hcloud:token", "cloudflare:apiToken", "agent-fleet:acmeDnsToken", "agent-fleet:tailscaleAuthKey"].map(
        (key) => `${key}: set it with: pulumi config set --secret ${key}`,
      ),
    );
  });

  it("is nothing for a fleet on hosts of its own", () => {
    expect(missing(fleet(), NONE, {})).toEqual([]);
  });

  it("may stand in the configuration, and what providers read themselves in the environment", () => {
    const environment = { HCLOUD_TOKEN: "x", CLOUDFLARE_API_TOKEN: "x" };
    const doors = { dnsToken: secret, tailscaleKey: secret };
    expect(missing(everything, { ...NONE, doors }, environment)).toEqual([]);
    const { endpoint } = NONE.hetzner;
    const all = { hetzner: { token: secret, endpoint }, cloudflare: { token: secret, baseUrl: undefined } };
    expect(missing(everything, { ...all, doors }, {})).toEqual([]);
  });
});
