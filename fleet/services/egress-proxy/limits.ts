/**
 * What one agent may hold at the egress proxy, so that none costs the others their way out. What all of them hold together
 * fits into the container: a proxy that outgrows its memory is killed, and everybody's connections with it.
 */

export const MEMORY_MB = 512;

/** Squid itself, its code, and its tables of addresses and descriptors: it starts with a quarter of this. */
const BASE_MB = 60;

const KIB_PER_MIB = 1024;

const HEAD_KB = 16;
const REQUEST_BUFFER_KB = 32;
const READ_AHEAD_KB = 16;

/** Built in: what a tunnel reads in either direction before it has written it. */
const TUNNEL_BUFFER_KB = 64;

/** What a connection holds at most: either a tunnel, or a request with its answer. */
const CONNECTION_KB = Math.max(2 * TUNNEL_BUFFER_KB, HEAD_KB + REQUEST_BUFFER_KB + HEAD_KB + READ_AHEAD_KB);

const MOST_CONNECTIONS = 256;

const ALL_CONNECTIONS = Math.floor(((MEMORY_MB - BASE_MB) * KIB_PER_MIB) / CONNECTION_KB);

/** Two for each connection, towards the agent and away from it, and Squid's own. */
const DESCRIPTORS = 2 * ALL_CONNECTIONS + 256;

/** Squid lets each client have one more than it is told. */
const connectionsPerAgent = (agents: number): number =>
  Math.min(MOST_CONNECTIONS, Math.max(1, Math.floor(ALL_CONNECTIONS / Math.max(1, agents)) - 1));

const BYTES_PER_MIB = 1024 * 1024;

/** @param agents how many its host has */
export function renderLimits(agents: number, receiveMbPerSecond: number): string[] {
  const rate = receiveMbPerSecond * BYTES_PER_MIB;
  return [
    `client_ip_max_connections ${connectionsPerAgent(agents)}`,
    `max_filedescriptors ${DESCRIPTORS}`,
    `request_header_max_size ${HEAD_KB} KB`,
    `reply_header_max_size ${HEAD_KB} KB`,
    `client_request_buffer_max_size ${REQUEST_BUFFER_KB} KB`,
    `read_ahead_gap ${READ_AHEAD_KB} KB`,
    // A head that arrives byte by byte.
    "request_timeout 30 seconds",
    "request_start_timeout 30 seconds",
    "connect_timeout 30 seconds",
    // Idle connections to servers are not counted for any agent, and use up the descriptors of all.
    "server_persistent_connections off",
    // Of the third class: a rate for each address, and none for all of them together.
    "delay_pools 1",
    "delay_class 1 3",
    `delay_parameters 1 none none ${rate}/${rate}`,
  ];
}
