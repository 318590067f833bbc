import type Docker from "dockerode";

/**
 * The JSON answer of a path of Docker's API.
 *
 * For what dockerode has no parameter for, such as the type of `/system/df`, and for calls that are given up: the types of
 * some of its methods take no signal.
 */
export function get<T>(
  { modem }: Docker,
  path: string,
  query: Readonly<Record<string, string>>,
  abortSignal: AbortSignal,
): Promise<T> {
  const statusCodes = { 200: true, 400: "bad parameter", 404: "not found", 500: "server error" };
  // With a question mark, because the client drops the last character of a path without a query.
  const request = { path: `${path}?`, method: "GET", options: { ...query }, abortSignal, statusCodes };
  return new Promise((resolve, reject) => {
    // The caller says what this path answers with.
    modem.dial(request, (error, answer) => (error === null ? resolve(answer as T) : reject(error)));
  });
}
