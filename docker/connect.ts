import type { Agent } from "node:http";
import { createRequire } from "node:module";
import type Docker from "dockerode";
import { tunnelAgent } from "./tunnel-agent.ts";

export const DEFAULT_ADDRESS = "unix:///var/run/docker.sock";

export interface DockerAddress {
  /** `unix://`, `tcp://` or `ssh://`. */
  readonly address?: string;
  /** Additional arguments for `ssh`; ignored for other addresses. */
  readonly sshOptions?: readonly string[];
}

const require = createRequire(import.meta.url);
/** Loaded on first use: dockerode brings an SSH client with it, and many commands never talk to a Docker daemon. */
const loadDockerode = (): typeof Docker => require("dockerode");

const clients = new Map<string, Docker>();

/** What dockerode accepts, including what its types leave out. */
type Options = Docker.DockerOptions & { readonly agent?: Agent };

/** The client for an address, always the same one, so that its connections are reused. */
export function connect({ address = DEFAULT_ADDRESS, sshOptions = [] }: DockerAddress = {}): Docker {
  const known = clients.get(address);
  if (known !== undefined) return known;
  const Dockerode = loadDockerode();
  const client = new Dockerode(optionsFor(address, sshOptions));
  clients.set(address, client);
  return client;
}

function optionsFor(address: string, sshOptions: readonly string[]): Options {
  const { protocol, pathname, hostname, port } = new URL(address);
  if (protocol === "unix:") return { socketPath: pathname };
  if (protocol === "ssh:") {
    return { protocol: "http", host: hostname, agent: tunnelAgent(address, sshOptions) };
  }
  return { protocol: "http", host: hostname, port: Number(port) };
}
