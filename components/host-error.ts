import * as pulumi from "@pulumi/pulumi";

/**
 * Why nothing can be made on a host, said once and as it is.
 *
 * Pulumi puts the name of a property before the message for each that waits for the host, and there are many.
 */
export class HostError extends pulumi.RunError {
  constructor(message: string) {
    super(message);
    Object.defineProperty(this, "message", { get: () => message, set: () => undefined });
    // What is printed where there is one; and it would be of this program, not of the host.
    this.stack = "";
  }
}
