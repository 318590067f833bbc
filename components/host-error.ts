import * as pulumi from "@pulumi/pulumi";

/**
 * Why nothing can be created on a host, reported once and unchanged.
 *
 * Pulumi prefixes an error with the name of each property that waits for the host, and there are many.
 */
export class HostError extends pulumi.RunError {
  constructor(message: string) {
    super(message);
    Object.defineProperty(this, "message", { get: () => message, set: () => undefined });
    // It would be printed, and would be about this program instead of the host.
    this.stack = "";
  }
}
