import { Agent, type AgentOptions, type ClientRequestArgs } from "node:http";
import { connect, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { openTunnel } from "./tunnel.ts";

/** Concurrent calls per host: more would only queue in its daemon. */
const CONNECTIONS = 16;

class TunnelAgent extends Agent {
  readonly #open: () => Promise<string>;

  constructor(open: () => Promise<string>, options: AgentOptions) {
    super(options);
    this.#open = open;
  }

  override createConnection(
    _options: ClientRequestArgs,
    callback?: (error: Error | null, stream: Duplex) => void,
  ): Duplex | null | undefined {
    this.#open().then(
      (socket) => callback?.(null, connect(socket)),
      // Node ignores the stream if there is an error; its types require one.
      (error: Error) => callback?.(error, new Socket()),
    );
    return undefined;
  }
}

const agents = new Map<string, Agent>();

/** An agent for requests to a daemon behind SSH; its connections are kept for the next request. */
export function tunnelAgent(address: string, sshOptions: readonly string[]): Agent {
  const known = agents.get(address);
  if (known !== undefined) return known;
  const agent = new TunnelAgent(() => openTunnel(address, sshOptions), { maxSockets: CONNECTIONS });
  agents.set(address, agent);
  return agent;
}

/** The options of `http.request` that route a request to the daemon at an address. */
export function requestOptions(address: string, sshOptions: readonly string[]): ClientRequestArgs {
  const { protocol, pathname, hostname, port } = new URL(address);
  if (protocol === "unix:") return { socketPath: pathname };
  if (protocol === "ssh:") return { host: hostname, agent: tunnelAgent(address, sshOptions) };
  return { host: hostname, port };
}
