/** Where a request to a Docker engine goes, whichever way it is reached. */
import { Agent, type AgentOptions, type ClientRequestArgs } from "node:http";
import { connect } from "node:net";
import type { Duplex } from "node:stream";
import { openTunnel } from "./tunnel.ts";

/** Calls to one host at a time: more only queue in its engine. */
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
      // Node reads the error first, and then nothing.
      (error: Error) => callback?.(error, undefined as unknown as Duplex),
    );
    return undefined;
  }
}

const agents = new Map<string, Agent>();

/** For an engine behind SSH; connections are kept for the next call. */
export function tunnelAgent(address: string, sshOptions: readonly string[]): Agent {
  const known = agents.get(address);
  if (known !== undefined) return known;
  const agent = new TunnelAgent(() => openTunnel(address, sshOptions), { maxSockets: CONNECTIONS });
  agents.set(address, agent);
  return agent;
}

/** What `http.request` needs besides the path. */
export function engineRequest(address: string, sshOptions: readonly string[]): ClientRequestArgs {
  const { protocol, pathname, hostname, port } = new URL(address);
  if (protocol === "unix:") return { socketPath: pathname };
  if (protocol === "ssh:") return { host: hostname, agent: tunnelAgent(address, sshOptions) };
  return { host: hostname, port };
}
