import { readFileSync } from "node:fs";
import type { Agent } from "node:http";
import { createRequire } from "node:module";
import { join } from "node:path";
import type Docker from "dockerode";
import { tunnelAgent } from "./tunnel-agent.ts";

export const DEFAULT_ADDRESS = "unix:///var/run/docker.sock";

export interface DockerAddress {
  /** `unix://`, `tcp://` or `ssh://`. */
  readonly address?: string;
  /** Additional arguments for `ssh`; ignored for other addresses. */
  readonly sshOptions?: readonly string[];
  /** For `tcp://` with TLS: the folder with `ca.pem`, `cert.pem` and `key.pem`, as Docker's own tools name them. */
  readonly certificates?: string | undefined;
}

const require = createRequire(import.meta.url);
/** Loaded on first use: dockerode brings an SSH client with it, and many commands never talk to a Docker daemon. */
const loadDockerode = (): typeof Docker => require("dockerode");

const clients = new Map<string, Docker>();

/** What dockerode accepts, including what its types leave out. */
type Options = Docker.DockerOptions & { readonly agent?: Agent };

/** The client for an address, always the same one, so that its connections are reused. */
export function connect({
  address = DEFAULT_ADDRESS,
  sshOptions = [],
  certificates,
}: DockerAddress = {}): Docker {
  const key = `${address} ${certificates ?? ""}`;
  const known = clients.get(key);
  if (known !== undefined) return known;
  const Dockerode = loadDockerode();
  const client = new Dockerode(optionsFor(address, sshOptions, certificates));
  clients.set(key, client);
  return client;
}

function optionsFor(
  address: string,
  sshOptions: readonly string[],
  certificates: string | undefined,
): Options {
  const { protocol, pathname, hostname, port } = new URL(address);
  if (protocol === "unix:") return { socketPath: pathname };
  if (protocol === "ssh:") {
    return { protocol: "http", host: hostname, agent: tunnelAgent(address, sshOptions) };
  }
  const place = { host: hostname, port: Number(port) };
  if (certificates === undefined) return { protocol: "http", ...place };
  const file = (name: string): Buffer => readFileSync(join(certificates, name));
  return { protocol: "https", ...place, ca: file("ca.pem"), cert: file("cert.pem"), key: file("key.pem") };
}
