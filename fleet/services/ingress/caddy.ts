/** Caddy's JSON configuration: a site per agent, a page for one that is down, and a 404 for any other name. */
import type { Fleet } from "../../config/schema.ts";
import { passageOf } from "../tailnet/serve.ts";

export interface Site {
  /** Absent where the agent has no public name. */
  readonly hostname: string | undefined;
  /** `address:port` of the gateway; absent where the agent is switched off. */
  readonly upstream: string | undefined;
  readonly loopbackPort: number;
  /** Whether the tailnet node leads to it. */
  readonly isInTailnet: boolean;
}

/** Where the loader finds Caddy's admin interface. A socket in the door's volume: no port that a room could reach. */
export const ADMIN_SOCKET = "unix//doors/admin.sock";

/**
 * How long a connection outlives the configuration it was opened under. Caddy otherwise cuts every WebSocket of every
 * tenant at each reload.
 */
const STREAM_CLOSE_DELAY = "24h";

const LOOPBACK = ["127.0.0.0/8", "::1/128"];

const page = (status: number, title: string, text: string): object => ({
  handler: "static_response",
  status_code: status,
  headers: {
    "Content-Type": ["text/html; charset=utf-8"],
    "Cache-Control": ["no-store"],
    ...(status === 503 ? { "Retry-After": ["10"] } : {}),
  },
  body:
    `<!doctype html><meta name=viewport content="width=device-width"><title>${title}</title>` +
    `<body style="font:16px/1.5 system-ui;margin:20vh auto;max-width:32rem;padding:0 1rem"><h1>${title}</h1><p>${text}</p>`,
});

const SWITCHED_OFF = page(
  503,
  "This agent is switched off",
  "Its operator has stopped it. Its data is kept.",
);
const DOWN = page(
  503,
  "This agent is not answering",
  "It is starting or has stopped. Please try again in a moment.",
);
const UNKNOWN = page(404, "No such agent", "There is no agent under this name.");

function proxy(upstream: string, clientAddress?: string): object {
  return {
    handler: "reverse_proxy",
    upstreams: [{ dial: upstream }],
    stream_close_delay: STREAM_CLOSE_DELAY,
    // A gateway in the middle of its start refuses connections for a moment; a stopped one must not hold a client.
    transport: { protocol: "http", dial_timeout: "2s" },
    ...(clientAddress === undefined
      ? {}
      : { headers: { request: { set: { "X-Forwarded-For": [clientAddress] } } } }),
  };
}

/** What a gateway is told for a client that came through an SSH tunnel: a documentation address, which is nobody's. */
const TUNNEL = "192.0.2.1";

/**
 * For the host itself, where tunnels and the tailnet node end. The tailnet node says who its client is; a tunnel cannot, and the
 * gateway refuses a request that it cannot attribute.
 */
function serveLoopback({ upstream }: Site): object[] {
  if (upstream === undefined) return [{ handle: [SWITCHED_OFF] }];
  return [
    {
      match: [{ header: { "X-Forwarded-For": ["*"] } }],
      handle: [proxy(upstream, "{http.request.header.X-Forwarded-For}")],
      terminal: true,
    },
    { handle: [proxy(upstream, TUNNEL)] },
  ];
}

function serve({ upstream }: Site, loopbackClient: string | undefined): object[] {
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

const ERRORS = {
  routes: [
    {
      match: [{ expression: "{http.error.status_code} in [502, 503, 504]" }],
      handle: [DOWN],
    },
  ],
};

const joinAddress = (address: string, port: number): string =>
  address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;

/** The environment variable that the door finds its DNS provider's token in. */
export const DNS_TOKEN = "ACME_DNS_TOKEN";

/** Where certificates come from. */
function certificates(
  domain: string,
  { tls, acme, port }: Fleet["ingress"],
  hostnames: readonly string[],
): object {
  // One certificate for all: an unknown name then gets its 404 instead of a failed handshake.
  const wildcard = { automate: [`*.${domain}`] };
  if (tls === "internal") {
    return { certificates: wildcard, automation: { policies: [{ issuers: [{ module: "internal" }] }] } };
  }
  const proof = {
    provider: { name: acme.dnsProvider, api_token: `{env.${DNS_TOKEN}}` },
    ...(acme.dnsResolvers.length === 0 ? {} : { resolvers: acme.dnsResolvers }),
  };
  const issuer = {
    module: "acme",
    ca: acme.directory,
    ...(acme.email === undefined ? {} : { email: acme.email }),
    challenges:
      tls === "wildcard"
        ? { dns: proof }
        : // Proved by TLS alone: so no port but the ingress's has to be open, on the host and in its firewall.
          { http: { disabled: true }, "tls-alpn": { alternate_port: port } },
  };
  return {
    certificates: tls === "wildcard" ? wildcard : { automate: hostnames },
    automation: { policies: [{ issuers: [issuer] }] },
  };
}

/** Leads plain HTTP to the same place over HTTPS. */
const redirect = (port: number): object => ({
  handler: "static_response",
  status_code: 308,
  headers: {
    Location: [`https://{http.request.host}${port === 443 ? "" : `:${port}`}{http.request.uri}`],
    Connection: ["close"],
  },
});

export function renderIngress(domain: string, door: Fleet["ingress"], sites: readonly Site[]): string {
  const { port, httpPort } = door;
  const front = {
    listen: door.listen.map((address) => joinAddress(address, port)),
    routes: [
      ...sites.flatMap((site) =>
        site.hostname === undefined
          ? []
          : [
              {
                match: [{ host: [site.hostname] }],
                handle: [{ handler: "subroute", routes: serve(site, door.loopbackClient) }],
                terminal: true,
              },
            ],
      ),
      { handle: [UNKNOWN] },
    ],
    errors: ERRORS,
    automatic_https: { disable_redirects: true },
  };
  const plain = httpPort !== undefined && {
    plain: {
      listen: door.listen.map((address) => joinAddress(address, httpPort)),
      routes: [{ handle: [redirect(port)] }],
      automatic_https: { disable: true },
    },
  };
  const loopback = sites.map((site) => [
    `loopback-${site.loopbackPort}`,
    {
      listen: [
        `127.0.0.1:${site.loopbackPort}`,
        ...(site.isInTailnet ? [`unix/${passageOf(site.loopbackPort)}`] : []),
      ],
      routes: serveLoopback(site),
      errors: ERRORS,
      automatic_https: { disable: true },
    },
  ]);
  const hostnames = sites.flatMap(({ hostname }) => (hostname === undefined ? [] : [hostname]));
  const config = {
    admin: { listen: ADMIN_SOCKET },
    apps: {
      http: { servers: { front, ...plain, ...Object.fromEntries(loopback) } },
      tls: certificates(domain, door, hostnames),
      pki: { certificate_authorities: { local: { install_trust: false } } },
    },
  };
  return `${JSON.stringify(config, null, 1)}\n`;
}
