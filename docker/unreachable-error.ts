/** No connection to the daemon, or no longer one: `ssh` could not connect, or its connection ended. */
export class UnreachableError extends Error {
  override readonly name = "UnreachableError";
}
