/** Asks agents through the ingress, over TLS that is verified, as their users would. */
import { request } from "node:https";
import { text } from "node:stream/consumers";
import { extract } from "tar-stream";
import type { DockerEngine } from "../fleet/hosts/connection.ts";
import { hostObject } from "../fleet/names.ts";
import { dockerOf } from "./fleet-config.ts";

const AUTHORITY = "/doors/data/caddy/pki/authorities/local/root.crt";
const TIMEOUT_MS = 5_000;

/** The certificate of the ingress's own authority, PEM. */
export async function readAuthority(stack: string, engine: DockerEngine): Promise<string> {
  const container = dockerOf(engine).getContainer(hostObject(stack, "ingress"));
  const archive = await container.getArchive({ path: AUTHORITY });
  const files = archive.pipe(extract());
  for await (const entry of files) return text(entry);
  throw new Error("the ingress has no authority of its own yet");
}

export interface Ask {
  readonly url: string;
  readonly path: string;
  /** Where the ingress is; a name below `localhost` is not known to every resolver. */
  readonly address: string;
  readonly authority?: string | undefined;
}

export function ask({ url, path, address, authority }: Ask): Promise<{ status: number; body: string }> {
  const { hostname, port } = new URL(url);
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; body: string }>();
  const call = request(
    {
      host: address,
      port: port || 443,
      path,
      servername: hostname,
      headers: { Host: new URL(url).host },
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

/** What the agent says of itself: `started`, `starting`, `draining`, or why it says nothing. */
export async function stateOf(question: Omit<Ask, "path">): Promise<string> {
  try {
    const { status, body } = await ask({ ...question, path: "/startupz" });
    const parsed = JSON.parse(body.startsWith("{") ? body : "{}") as { status?: string };
    return parsed.status ?? `down (${status})`;
  } catch (error) {
    return `unreachable (${(error as Error).message})`;
  }
}
