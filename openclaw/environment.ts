/** The gateway's environment: what the fleet sets, and therefore no one else may. */
import { CONFIG_FILE, STATE_DIRECTORY, WORKSPACE_DIRECTORY } from "./contract.ts";

/** Share of the memory limit for V8's heap. The rest is for native buffers, SQLite and child processes. */
const HEAP_SHARE = 0.75;

/** V8's heap for a memory limit, both in MiB. */
const heapMb = (limitMb: number): number => Math.floor(limitMb * HEAP_SHARE);

const HOME = "/home/node";

/**
 * Variables of the gateway's contract. A value from elsewhere would break the agent's identity, its state, its memory limit
 * or its way through the egress proxy.
 */
const OWNED = /^(?:OPENCLAW_.*|HOME|PATH|XDG_CACHE_HOME|NODE_OPTIONS|(?:HTTPS?|NO|ALL)_PROXY)$/i;

/** Whether the fleet owns the variable: it is refused in `env` and in secrets. */
export const isOwnedVariable = (name: string): boolean => OWNED.test(name);

/** Of `gatewayEnvironment`: what follows from the egress proxy. */
export const EGRESS_VARIABLES: ReadonlySet<string> = new Set([
  "OPENCLAW_PROXY_URL",
  "HTTP_PROXY",
  "HTTPS_PROXY",
  "NO_PROXY",
]);

/** Of `gatewayEnvironment`: what follows from the memory limit. */
export const MEMORY_VARIABLE = "NODE_OPTIONS";

export interface GatewayEnvironment {
  /** The container's memory limit, MiB. */
  readonly memoryMb: number;
  /** The egress proxy; undefined where the agent has open egress. */
  readonly proxyUrl: string | undefined;
}

export const gatewayEnvironment = ({ memoryMb, proxyUrl }: GatewayEnvironment): Record<string, string> => ({
  HOME,
  NODE_OPTIONS: `--max-old-space-size=${heapMb(memoryMb)}`,
  OPENCLAW_CONFIG_PATH: CONFIG_FILE,
  OPENCLAW_DISABLE_BONJOUR: "1",
  OPENCLAW_HOME: HOME,
  OPENCLAW_NO_AUTO_UPDATE: "1",
  OPENCLAW_STATE_DIR: STATE_DIRECTORY,
  OPENCLAW_WORKSPACE_DIR: WORKSPACE_DIRECTORY,
  // Without a writable cache the gateway refuses to start on a read-only root.
  XDG_CACHE_HOME: `${STATE_DIRECTORY}/cache`,
  ...(proxyUrl === undefined
    ? {}
    : {
        OPENCLAW_PROXY_URL: proxyUrl,
        HTTP_PROXY: proxyUrl,
        HTTPS_PROXY: proxyUrl,
        NO_PROXY: "localhost,127.0.0.1,::1",
      }),
});
