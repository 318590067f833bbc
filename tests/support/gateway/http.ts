/** Requests as from a user's machine; a name below `localhost` is not known to every resolver. */
import { get as getPlain, type IncomingHttpHeaders } from "node:http";
import { get as getSecure } from "node:https";
import type { LookupFunction } from "node:net";
import { text } from "node:stream/consumers";

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Resolves every name to one address. */
const lookupOf =
  (address: string): LookupFunction =>
  (_hostname, options, done) => {
    if (options.all === true) done(null, [{ address, family: 4 }]);
    else done(null, address, 4);
  };

export const toThisMachine = lookupOf("127.0.0.1");

const PATIENCE_MS = 10_000;

export interface Credentials {
  /** The only authority whose certificates are accepted; left out, the ones that Node trusts. */
  readonly authority?: string;
  readonly token?: string;
  /** Where the ingress is. Default: this machine. */
  readonly address?: string;
}

export function ask(
  url: string,
  { authority, token, address = "127.0.0.1" }: Credentials = {},
): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const get = url.startsWith("https:") ? getSecure : getPlain;
  const call = get(
    url,
    {
      lookup: lookupOf(address),
      agent: false,
      timeout: PATIENCE_MS,
      ...(authority === undefined ? {} : { ca: authority }),
      ...(token === undefined ? {} : { headers: { Authorization: `Bearer ${token}` } }),
    },
    (response) => {
      text(response).then(
        (body) => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
        reject,
      );
    },
  );
  call.on("timeout", () => call.destroy(new Error(`no answer from ${url} in time`)));
  call.on("error", reject);
  return promise;
}
