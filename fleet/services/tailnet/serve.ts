/**
 * What a host's Tailscale node serves: for each agent a port with HTTPS, which leads to the agent's own socket at the front
 * door. Nothing else of the host is to be had over the tailnet, but SSH where that is closed to the internet.
 */

/** Where the two doors have the agents' sockets. */
export const PASSAGE = "/agents";

/** The socket that the ingress serves an agent at, for the tailnet node. */
export const passageOf = (loopbackPort: number): string => `${PASSAGE}/${loopbackPort}.sock`;

/** Filled in by the node itself: its own name in the tailnet. */
const NODE = "${TS_CERT_DOMAIN}";

const SSH = 22;

/**
 * @param ports the agents' loopback ports: each is served under the same number
 * @param ssh where the host's SSH answers to the node; undefined where it is not to be had here
 */
export const renderTailnet = (ports: readonly number[], ssh: string | undefined): string =>
  `${JSON.stringify(
    {
      TCP: {
        ...(ssh === undefined ? {} : { [SSH]: { TCPForward: `${ssh}:${SSH}` } }),
        ...Object.fromEntries(ports.map((port) => [port, { HTTPS: true }])),
      },
      Web: Object.fromEntries(
        ports.map((port) => [`${NODE}:${port}`, { Handlers: { "/": { Proxy: `unix:${passageOf(port)}` } } }]),
      ),
    },
    null,
    1,
  )}\n`;
