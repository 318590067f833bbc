import type Docker from "dockerode";
import { UnreachableError } from "./errors.ts";

/**
 * Resolves if the daemon answers in time.
 *
 * `docker.ping` cannot be aborted by its types; the request is the same.
 *
 * @throws UnreachableError if it does not answer in time; otherwise the error of the connection
 */
export function ping({ modem }: Docker, timeoutMs: number): Promise<void> {
  const timeout = AbortSignal.timeout(timeoutMs);
  const request = {
    path: "/_ping",
    method: "GET",
    abortSignal: timeout,
    statusCodes: { 200: true, 500: "server error" },
  };
  return new Promise((resolve, reject) => {
    modem.dial(request, (error) => {
      if (error === null) resolve();
      else if (timeout.aborted) reject(new UnreachableError(`no answer within ${timeoutMs / 1000} s`));
      else reject(error);
    });
  });
}
