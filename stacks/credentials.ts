/** What the providers and the doors cannot do without, asked for before anything is touched. */
import type { Problem } from "../fleet/config/problem.ts";
import type { Fleet } from "../fleet/config/schema.ts";
import type { Providers } from "./config.ts";

/** @param environment where Pulumi's providers find a token that the configuration has not */
export function missingCredentials(
  fleet: Fleet,
  { hetzner, cloudflare, doors }: Providers,
  environment: Readonly<Record<string, string | undefined>>,
): Problem[] {
  const isRented = Object.values(fleet.hosts).some(({ kind }) => kind === "hetzner");
  const needs = [
    {
      key: "hcloud:token",
      what: "to rent servers, a token of the Hetzner project that may read and write",
      isNeeded: isRented,
      isThere: hetzner.token !== undefined || environment["HCLOUD_TOKEN"] !== undefined,
    },
    {
      key: "cloudflare:apiToken",
      what: "to set DNS records, a token that may edit the DNS of the zone",
      isNeeded: fleet.dns.kind === "cloudflare",
      isThere: cloudflare.token !== undefined || environment["CLOUDFLARE_API_TOKEN"] !== undefined,
    },
    {
      key: "agent-fleet:acmeDnsToken",
      what: "for a wildcard certificate, a token that may edit the DNS of the zone; every host gets it",
      isNeeded: fleet.ingress.tls === "wildcard",
      isThere: doors.dnsToken !== undefined,
    },
    {
      key: "agent-fleet:tailscaleAuthKey",
      what: "to join the tailnet, an authentication key that is reusable and whose nodes are tagged",
      isNeeded: fleet.tailscale !== undefined,
      isThere: doors.tailscaleKey !== undefined,
    },
  ];
  return needs
    .filter(({ isNeeded, isThere }) => isNeeded && !isThere)
    .map(({ key, what }) => ({
      path: key,
      message: `it is needed ${what}`,
      remedy: `set it with: pulumi config set --secret ${key}`,
    }));
}
