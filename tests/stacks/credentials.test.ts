import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import type { Access } from "../../stacks/config.ts";
import { missingCredentials } from "../../stacks/credentials.ts";
import { fleet, LOGIN } from "../support/fleets.ts";

const NOT_SET = { token: undefined, endpoint: undefined };
const NONE: Access = { hetzner: NOT_SET, cloudflare: NOT_SET, credentials: new Map() };
const secret = pulumi.secret("x");
const EVERYTHING = fleet({
  hosts: { eu: { kind: "hetzner", ...LOGIN, locations: ["fsn1"] } },
  dns: { kind: "cloudflare", zoneId: "0".repeat(32) },
  ingress: { tls: "wildcard", image: "caddy-with-cloudflare:2.11.4" },
  tailscale: { tailnet: "tail1234.ts.net" },
});
const missing = (...args: Parameters<typeof missingCredentials>): string[] =>
  missingCredentials(...args).map(({ path, message, remedy }) => `${path} | ${message} | ${remedy}`);

describe("the credentials that an update needs", () => {
  it("are those of its clouds and of its services, each with its purpose and the command that sets it", () => {
    const set = (key: string): string => `set it with: pulumi config set --secret ${key}`;
    expect(missing(EVERYTHING, NONE, {})).toEqual([
      `hcloud:token | it is needed to create servers: a token of the Hetzner project that may read and write | ${set("hcloud:token")}`,
      `cloudflare:apiToken | it is needed to set DNS records: a token that may edit the DNS of the zone | ${set("cloudflare:apiToken")}`,
      `agent-fleet:acmeDnsToken | it is needed for a wildcard certificate: a token that may edit the DNS of the zone; every host gets it | ${set("agent-fleet:acmeDnsToken")}`,
      `agent-fleet:tailscaleAuthKey | it is needed to join the tailnet: an authentication key that is reusable and whose nodes are tagged | ${set("agent-fleet:tailscaleAuthKey")}`,
    ]);
  });

  it("are none for a fleet on hosts that exist already", () => {
    expect(missing(fleet(), NONE, {})).toEqual([]);
  });

  it("can be in the configuration, and those of a cloud in the environment", () => {
    const credentials = new Map([
      ["acmeDnsToken", secret],
      ["tailscaleAuthKey", secret],
    ]);
    const environment = { HCLOUD_TOKEN: "x", CLOUDFLARE_API_TOKEN: "x" };
    expect(missing(EVERYTHING, { ...NONE, credentials }, environment)).toEqual([]);
    const configured = { token: secret, endpoint: undefined };
    expect(missing(EVERYTHING, { hetzner: configured, cloudflare: configured, credentials }, {})).toEqual([]);
  });
});
