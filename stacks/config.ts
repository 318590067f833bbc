/** The only reader of configuration. */
import * as pulumi from "@pulumi/pulumi";

/** Agent -> variable -> value. */
export type Secrets = Readonly<Record<string, Readonly<Record<string, string>>>>;

export interface StackConfig {
  readonly stack: string;
  /** What the operator wrote, unchecked. */
  readonly fleet: unknown;
  /** Unchecked too, and kept apart: no secret enters a plan. */
  readonly secrets: unknown;
}

export function readConfig(): StackConfig {
  const config = new pulumi.Config("agent-fleet");
  return {
    stack: pulumi.getStack(),
    fleet: config.getObject("fleet"),
    // Read as plain values because their names decide what is made; each is wrapped as a secret before it is used.
    secrets: config.getObject("secrets") ?? {},
  };
}
