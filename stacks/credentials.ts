/** What the providers and the services cannot do without, checked before anything is touched. */
import type { Fleet } from "../fleet/config/fleet.ts";
import type { Problem } from "../fleet/config/problem.ts";
import { activeServices } from "../fleet/services/index.ts";
import type { Access } from "./config.ts";

interface Need {
  /** The full key in the stack's configuration. */
  readonly key: string;
  readonly purpose: string;
  readonly isPresent: boolean;
}

/** @param environment where Pulumi's providers look for a token that is not configured */
export function missingCredentials(
  { settings, hosts }: Fleet,
  { hetzner, cloudflare, credentials }: Access,
  environment: Readonly<Record<string, string | undefined>>,
): Problem[] {
  const provisions = [...hosts.values()].some((host) => host.provisions !== undefined);
  const needs: Need[] = [
    ...(provisions
      ? [
          {
            key: "hcloud:token",
            purpose: "to create servers: a token of the Hetzner project that may read and write",
            isPresent: hetzner.token !== undefined || environment["HCLOUD_TOKEN"] !== undefined,
          },
        ]
      : []),
    ...(settings.dns.kind === "cloudflare"
      ? [
          {
            key: "cloudflare:apiToken",
            purpose: "to set DNS records: a token that may edit the DNS of the zone",
            isPresent: cloudflare.token !== undefined || environment["CLOUDFLARE_API_TOKEN"] !== undefined,
          },
        ]
      : []),
    ...activeServices(settings)
      .filter(({ definition, settings: own }) => definition.needsCredentials(own))
      .flatMap(({ definition }) => definition.credentials)
      .map(({ key, purpose }) => ({ key: `agent-fleet:${key}`, purpose, isPresent: credentials.has(key) })),
  ];
  return needs
    .filter(({ isPresent }) => !isPresent)
    .map(({ key, purpose }) => ({
      path: key,
      message: `it is needed ${purpose}`,
      remedy: `set it with: pulumi config set --secret ${key}`,
    }));
}
