/** The ways in which a call to Docker fails: Docker refused it, Docker could not be reached, or the answer never arrived. */
import { UnreachableError, untilTunnelEnds } from "./tunnel.ts";

export { UnreachableError };

/** The connection failed before an answer arrived: whether the call had any effect is not known. */
export class ConnectionLostError extends Error {
  override readonly name = "ConnectionLostError";
}

export const NOT_FOUND = 404;

/** The HTTP status of an error that is Docker's own answer. */
export const statusOf = (error: unknown): number | undefined =>
  error instanceof Error && "statusCode" in error && typeof error.statusCode === "number"
    ? error.statusCode
    : undefined;

/** A call's result, or `undefined` if Docker answers with one of these statuses: the object is already gone, or the work already done. */
export async function unlessStatus<T>(
  statuses: readonly number[],
  call: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await call();
  } catch (error) {
    const status = statusOf(error);
    if (status !== undefined && statuses.includes(status)) return undefined;
    throw error;
  }
}

/** The codes with which Node reports a connection that failed. Messages do not count: they may quote a container's log. */
const SOCKET_FAILURES = new Set<unknown>(["ECONNRESET", "ECONNREFUSED", "EPIPE", "ENOENT", "ETIMEDOUT"]);

/** The lost connection to this address that caused an error; `undefined` if anything else did, such as Docker's own answer. */
export function connectionLoss(address: string, error: unknown): ConnectionLostError | undefined {
  if (error instanceof ConnectionLostError) return error;
  if (!(error instanceof Error) || statusOf(error) !== undefined) return undefined;
  if (error instanceof UnreachableError) return new ConnectionLostError(error.message, { cause: error });
  const isSocketFailure = "code" in error && SOCKET_FAILURES.has(error.code);
  if (!isSocketFailure) return connectionLoss(address, error.cause);
  return new ConnectionLostError(
    `${address} stopped answering (${error.message}). Restore it; the next run continues from here.`,
    { cause: error },
  );
}

/**
 * Runs a call to the daemon at an address.
 *
 * @throws ConnectionLostError if the connection fails before the answer arrives; any other error unchanged
 */
export async function withConnectionErrors<T>(address: string, call: () => Promise<T>): Promise<T> {
  try {
    return await untilTunnelEnds(address, call());
  } catch (error) {
    throw connectionLoss(address, error) ?? error;
  }
}
