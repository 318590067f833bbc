/** The only reader of configuration. */
import * as pulumi from "@pulumi/pulumi";

/** Agent -> variable -> value. */
export type Secrets = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Who provides servers and names, and what lets us in. A token that is left out is taken from the environment by its provider. */
export interface Providers {
  readonly hetzner: {
    readonly token: pulumi.Output<string> | undefined;
    readonly endpoint: string | undefined;
  };
  readonly cloudflare: {
    readonly token: pulumi.Output<string> | undefined;
    readonly baseUrl: string | undefined;
  };
  /** What doors must know. */
  readonly doors: {
    readonly dnsToken: pulumi.Output<string> | undefined;
    readonly tailscaleKey: pulumi.Output<string> | undefined;
  };
}

export interface StackConfig {
  readonly stack: string;
  /** What the operator wrote, unchecked. */
  readonly fleet: unknown;
  /** Unchecked too, and kept apart: no secret enters a plan. */
  readonly secrets: unknown;
  readonly providers: Providers;
}

export function readConfig(): StackConfig {
  const config = new pulumi.Config("agent-fleet");
  const hetzner = new pulumi.Config("hcloud");
  const cloudflare = new pulumi.Config("cloudflare");
  return {
    stack: pulumi.getStack(),
    fleet: config.getObject("fleet"),
    // Read as plain values because their names decide what is made; each is wrapped as a secret before it is used.
    secrets: config.getObject("secrets") ?? {},
    providers: {
      // Under the names that these providers' own documents give.
      hetzner: { token: hetzner.getSecret("token"), endpoint: hetzner.get("endpoint") },
      cloudflare: { token: cloudflare.getSecret("apiToken"), baseUrl: cloudflare.get("baseUrl") },
      doors: {
        dnsToken: config.getSecret("acmeDnsToken"),
        tailscaleKey: config.getSecret("tailscaleAuthKey"),
      },
    },
  };
}
