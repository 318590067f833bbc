/** Requests to an agent through the ingress, over verified TLS, as its users make them. */
import { request } from "node:https";
import { text } from "node:stream/consumers";
import { STARTUP_PATH } from "../openclaw/contract.ts";
import { isRecord } from "../system/guards.ts";
import { messageOf } from "../system/operator-error.ts";

const TIMEOUT_MS = 5_000;

export interface Question {
  readonly url: string;
  /** The address of the ingress: not every resolver knows names below `localhost`. */
  readonly address: string;
  /** The CA's certificate, PEM. Default: those that this machine trusts. */
  readonly authority?: string | undefined;
}

export interface Answer {
  readonly status: number;
  readonly body: string;
}

export function ask({ url, address, authority }: Question, path: string): Promise<Answer> {
  const { hostname, host, port } = new URL(url);
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const call = request(
    {
      host: address,
      port: port || 443,
      path,
      servername: hostname,
      headers: { Host: host },
      timeout: TIMEOUT_MS,
      ...(authority === undefined ? {} : { ca: authority }),
    },
    (response) => {
      text(response).then((body) => resolve({ status: response.statusCode ?? 0, body }), reject);
    },
  );
  call.on("timeout", () => call.destroy(new Error("no answer in time")));
  call.on("error", reject);
  call.end();
  return promise;
}

/**
 * The gateway refuses clients with a loopback address, because it cannot attribute them. `up` on the host itself is one.
 */
export const UNATTRIBUTED = "running, but does not answer its own host";

/** What the gateway reports: `started`, `starting`, `draining`, or that it is down. */
export function stateIn({ status, body }: Answer): string {
  if (status === 403 && body.includes("proxy_attribution_required")) return UNATTRIBUTED;
  const report: unknown = body.startsWith("{") ? JSON.parse(body) : undefined;
  return isRecord(report) && typeof report["status"] === "string" ? report["status"] : `down (${status})`;
}

/** What the gateway reports, or why it cannot be asked. */
export async function stateOf(question: Question): Promise<string> {
  try {
    return stateIn(await ask(question, STARTUP_PATH));
  } catch (error) {
    return `unreachable (${messageOf(error)})`;
  }
}
