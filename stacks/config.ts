/** The only reader of configuration. */
import * as pulumi from "@pulumi/pulumi";
import type { MachineDaemon } from "../fleet/config/machine-daemon.ts";
import { NAMESPACE, ownKeys } from "../fleet/config/stack-keys.ts";
import { SERVICES } from "../fleet/services/index.ts";
import { machineDaemon } from "./machine-daemon.ts";

/** Access to a cloud's API. A token that is left out is taken from the environment by the provider. */
export interface CloudAccess {
  readonly token: pulumi.Output<string> | undefined;
  /** Another API than the cloud's own. */
  readonly endpoint: string | undefined;
}

export interface Access {
  readonly hetzner: CloudAccess;
  readonly cloudflare: CloudAccess;
  /** Secrets of the fleet's services, by their key. */
  readonly credentials: ReadonlyMap<string, pulumi.Output<string>>;
}

/** Set to 1, a preview connects to no host: for a machine that may not reach them. */
const OFFLINE = "AGENT_FLEET_OFFLINE";

export interface StackConfig {
  readonly stack: string;
  /** All keys of this program's namespace, without it: also those that it does not know. */
  readonly keys: readonly string[];
  /** What the operator wrote, unchecked. */
  readonly fleet: unknown;
  /** Unchecked too, and kept apart: no secret enters a plan. */
  readonly secrets: unknown;
  readonly access: Access;
  readonly daemon: MachineDaemon;
  /** Whether to observe the hosts before planning. An update always does. */
  readonly observesHosts: boolean;
}

/** Pulumi's own reader would repeat the value of what is no JSON, and it may be a secret. */
function structured(config: pulumi.Config, key: string): unknown {
  const text = config.get(key);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

export function readConfig(): StackConfig {
  const config = new pulumi.Config(NAMESPACE);
  const hetzner = new pulumi.Config("hcloud");
  const cloudflare = new pulumi.Config("cloudflare");
  return {
    stack: pulumi.getStack(),
    observesHosts: !pulumi.runtime.isDryRun() || process.env[OFFLINE] !== "1",
    keys: ownKeys(Object.keys(pulumi.runtime.allConfig())),
    fleet: structured(config, "fleet"),
    daemon: machineDaemon(),
    // Read as plain values because their names decide what is created; each is wrapped as a secret before it is used.
    secrets: structured(config, "secrets") ?? {},
    access: {
      // Under the names that these providers' own documents use.
      hetzner: { token: hetzner.getSecret("token"), endpoint: hetzner.get("endpoint") },
      cloudflare: { token: cloudflare.getSecret("apiToken"), endpoint: cloudflare.get("baseUrl") },
      credentials: new Map(
        SERVICES.flatMap(({ credentials }) => credentials).flatMap(({ key }) => {
          const value = config.getSecret(key);
          return value === undefined ? [] : [[key, value] as const];
        }),
      ),
    },
  };
}
