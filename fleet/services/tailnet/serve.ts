/**
 * What a host's Tailscale node serves: for each agent an HTTPS port that is proxied to the agent's own socket at the
 * ingress. The rest of the host is unreachable over the tailnet, except SSH where that is closed to the internet.
 */

/** Where the ingress and the tailnet node have the agents' sockets. */
export const SOCKET_DIRECTORY = "/agents";

/** The socket that the ingress serves an agent at, for the tailnet node. */
export const agentSocket = (loopbackPort: number): string => `${SOCKET_DIRECTORY}/${loopbackPort}.sock`;

/** Replaced by the node itself: its own name in the tailnet. */
const NODE = "${TS_CERT_DOMAIN}";

const SSH = 22;

/**
 * @param ports the agents' loopback ports: each is served under the same number
 * @param sshAddress where the node reaches the host's SSH; undefined where SSH is not served
 */
export const renderServe = (ports: readonly number[], sshAddress: string | undefined): string =>
  `${JSON.stringify(
    {
      TCP: {
        ...(sshAddress === undefined ? {} : { [SSH]: { TCPForward: `${sshAddress}:${SSH}` } }),
        ...Object.fromEntries(ports.map((port) => [port, { HTTPS: true }])),
      },
      Web: Object.fromEntries(
        ports.map((port) => [
          `${NODE}:${port}`,
          { Handlers: { "/": { Proxy: `unix:${agentSocket(port)}` } } },
        ]),
      ),
    },
    null,
    1,
  )}\n`;
