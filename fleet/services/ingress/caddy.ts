/** Caddy's JSON configuration: a site per agent, a page for one that is down, and a 404 for any other name. */
import { GATEWAY_PORT } from "../../../openclaw/contract.ts";
import { SERVICE_DIRECTORY, type ServedAgent } from "../service.ts";
import { agentSocket } from "../tailnet/serve.ts";
import { BODY_LIMIT, SERVER_LIMITS } from "./limits.ts";
import { DOWN, SWITCHED_OFF, UNKNOWN } from "./pages.ts";
import type { IngressSettings } from "./settings.ts";

/** Where the loader finds Caddy's admin interface: a socket in the service's volume, and no port that an agent could reach. */
export const ADMIN_SOCKET = `unix/${SERVICE_DIRECTORY}/admin.sock`;

/** The certificate of Caddy's own authority, in the service's container. */
export const AUTHORITY_FILE = `${SERVICE_DIRECTORY}/data/caddy/pki/authorities/local/root.crt`;

/** The environment variable that Caddy reads its DNS provider's token from. */
export const DNS_TOKEN_VARIABLE = "ACME_DNS_TOKEN";

/**
 * How long a connection outlives the configuration that it was opened under. Without this Caddy closes every WebSocket of
 * every agent at each reload.
 */
const STREAM_CLOSE_DELAY = "24h";

const LOOPBACK = ["127.0.0.0/8", "::1/128"];

/** The client address that a gateway is given for an SSH tunnel's client: a documentation address, which belongs to no host. */
const TUNNEL_CLIENT = "192.0.2.1";

const ERRORS = {
  routes: [{ match: [{ expression: "{http.error.status_code} in [502, 503, 504]" }], handle: [DOWN] }],
};

/** `address:port` of the gateway; undefined where the agent is disabled. */
const upstreamOf = ({ enabled, address }: ServedAgent): string | undefined =>
  enabled ? `${address}:${GATEWAY_PORT}` : undefined;

const proxy = (upstream: string, clientAddress?: string): object => ({
  handler: "reverse_proxy",
  upstreams: [{ dial: upstream }],
  stream_close_delay: STREAM_CLOSE_DELAY,
  // A gateway refuses connections for a moment while it starts; one that has stopped must not keep a client waiting.
  transport: { protocol: "http", dial_timeout: "2s" },
  ...(clientAddress === undefined
    ? {}
    : { headers: { request: { set: { "X-Forwarded-For": [clientAddress] } } } }),
});

/**
 * For the host itself, where tunnels and the tailnet node end. The tailnet node forwards its client's address; a tunnel
 * cannot, and the gateway refuses a request that it cannot attribute.
 */
function serveLoopback(agent: ServedAgent): object[] {
  const upstream = upstreamOf(agent);
  if (upstream === undefined) return [{ handle: [SWITCHED_OFF] }];
  return [
    {
      match: [{ header: { "X-Forwarded-For": ["*"] } }],
      handle: [proxy(upstream, "{http.request.header.X-Forwarded-For}")],
      terminal: true,
    },
    { handle: [proxy(upstream, TUNNEL_CLIENT)] },
  ];
}

function servePublicly(agent: ServedAgent, loopbackClient: string | undefined): object[] {
  const upstream = upstreamOf(agent);
  if (upstream === undefined) return [{ handle: [SWITCHED_OFF] }];
  const plain = { handle: [proxy(upstream)] };
  return loopbackClient === undefined
    ? [plain]
    : [
        {
          match: [{ remote_ip: { ranges: LOOPBACK } }],
          handle: [proxy(upstream, loopbackClient)],
          terminal: true,
        },
        plain,
      ];
}

const joinAddress = (address: string, port: number): string =>
  address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;

/** Where certificates come from. */
function certificates(
  domain: string,
  { tls, acme, port }: IngressSettings,
  hostnames: readonly string[],
): object {
  // One certificate for all names, so that an unknown name gets its 404 instead of a failed handshake.
  const wildcard = { automate: [`*.${domain}`] };
  if (tls === "internal") {
    return { certificates: wildcard, automation: { policies: [{ issuers: [{ module: "internal" }] }] } };
  }
  const dnsChallenge = {
    provider: { name: acme.dnsProvider, api_token: `{env.${DNS_TOKEN_VARIABLE}}` },
    ...(acme.dnsResolvers.length === 0 ? {} : { resolvers: acme.dnsResolvers }),
  };
  const issuer = {
    module: "acme",
    ca: acme.directory,
    ...(acme.email === undefined ? {} : { email: acme.email }),
    challenges:
      tls === "wildcard"
        ? { dns: dnsChallenge }
        : // Proved over TLS alone, so that only the ingress's own port has to be open.
          { http: { disabled: true }, "tls-alpn": { alternate_port: port } },
  };
  return {
    certificates: tls === "wildcard" ? wildcard : { automate: hostnames },
    automation: { policies: [{ issuers: [issuer] }] },
  };
}

/** Redirects plain HTTP to the same place over HTTPS. */
const redirect = (port: number): object => ({
  handler: "static_response",
  status_code: 308,
  headers: {
    Location: [`https://{http.request.host}${port === 443 ? "" : `:${port}`}{http.request.uri}`],
    Connection: ["close"],
  },
});

/** Not where the certificate is Caddy's own: a browser offers no way past an unknown authority once it has seen this. */
const STRICT_TRANSPORT = {
  handler: "headers",
  response: { set: { "Strict-Transport-Security": ["max-age=31536000"] } },
};

const httpsServer = (
  { listen, port, tls, loopbackClient }: IngressSettings,
  agents: readonly ServedAgent[],
) => ({
  listen: listen.map((address) => joinAddress(address, port)),
  ...SERVER_LIMITS,
  routes: [
    { handle: tls === "internal" ? [BODY_LIMIT] : [BODY_LIMIT, STRICT_TRANSPORT] },
    ...agents.map((agent) => ({
      match: [{ host: [agent.hostname] }],
      handle: [{ handler: "subroute", routes: servePublicly(agent, loopbackClient) }],
      terminal: true,
    })),
    { handle: [UNKNOWN] },
  ],
  errors: ERRORS,
  // Said here, because without any public agent Caddy would serve plain HTTP on this port.
  tls_connection_policies: [{}],
  automatic_https: { disable_redirects: true },
});

const httpServer = ({ listen, port }: IngressSettings, httpPort: number) => ({
  listen: listen.map((address) => joinAddress(address, httpPort)),
  ...SERVER_LIMITS,
  routes: [{ handle: [redirect(port)] }],
  automatic_https: { disable: true },
});

const loopbackServer = (agent: ServedAgent) => ({
  listen: [
    `127.0.0.1:${agent.loopbackPort}`,
    ...(agent.access === "tailscale" ? [`unix/${agentSocket(agent.loopbackPort)}`] : []),
  ],
  ...SERVER_LIMITS,
  routes: [{ handle: [BODY_LIMIT] }, ...serveLoopback(agent)],
  errors: ERRORS,
  automatic_https: { disable: true },
});

export function renderCaddy(
  domain: string,
  settings: IngressSettings,
  agents: readonly ServedAgent[],
): string {
  const publicAgents = agents.filter(({ access }) => access === "public");
  const config = {
    admin: { listen: ADMIN_SOCKET },
    apps: {
      http: {
        servers: {
          https: httpsServer(settings, publicAgents),
          ...(settings.httpPort === undefined ? {} : { http: httpServer(settings, settings.httpPort) }),
          ...Object.fromEntries(
            agents.map((agent) => [`loopback-${agent.loopbackPort}`, loopbackServer(agent)]),
          ),
        },
      },
      tls: certificates(
        domain,
        settings,
        publicAgents.map(({ hostname }) => hostname),
      ),
      pki: { certificate_authorities: { local: { install_trust: false } } },
    },
  };
  return `${JSON.stringify(config, null, 1)}\n`;
}
