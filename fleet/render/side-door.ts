/** What a host's Tailscale node serves: for each agent a port with HTTPS, which leads to the agent's loopback port. */

/** Filled in by the node itself: its own name in the tailnet. */
const NODE = "${TS_CERT_DOMAIN}";

/** @param ports the agents' loopback ports: each is served under the same number */
export const renderSideDoor = (ports: readonly number[]): string =>
  `${JSON.stringify(
    {
      TCP: Object.fromEntries(ports.map((port) => [port, { HTTPS: true }])),
      Web: Object.fromEntries(
        ports.map((port) => [
          `${NODE}:${port}`,
          { Handlers: { "/": { Proxy: `http://127.0.0.1:${port}` } } },
        ]),
      ),
    },
    null,
    1,
  )}\n`;
