/** Squid's configuration: each agent reaches the names on its own allowlist, and only those. */
import { FORBIDDEN, OWN_ADDRESSES } from "./destinations.ts";
import { renderLimits } from "./limits.ts";

export interface AgentAllowlist {
  readonly name: string;
  /** The agent's address: its identity at the proxy. */
  readonly address: string;
  /** `example.com` or `.example.com`; none covers another. */
  readonly domains: readonly string[];
}

/** Squid reads long lines in pieces, and every agent's line has to be readable for people. */
const PER_LINE = 30;

const list = (acl: string, values: readonly string[]): string[] =>
  Array.from(
    { length: Math.ceil(values.length / PER_LINE) },
    (_, line) => `acl ${acl} ${values.slice(line * PER_LINE, (line + 1) * PER_LINE).join(" ")}`,
  );

const rules = ({ name, address, domains }: AgentAllowlist): string[] => [
  "",
  `acl agent_${name} src ${address}`,
  `note agent ${name} agent_${name}`,
  ...(domains.length === 0
    ? [`http_access deny agent_${name}`]
    : [
        // -n: an address in place of a name is not looked up, so no reverse DNS entry can claim an allowed name.
        ...list(`names_${name} dstdomain -n`, domains),
        // Refused by name first, so that a forbidden name is not even resolved: DNS is a way out too.
        `http_access deny agent_${name} !names_${name}`,
      ]),
];

export interface SquidOptions {
  readonly port: number;
  readonly receiveMbPerSecond: number;
  /** How many agents share its memory, those without a list included: they may connect, too. */
  readonly clients: number;
}

export const renderSquid = (
  { port, receiveMbPerSecond, clients }: SquidOptions,
  agents: readonly AgentAllowlist[],
): string =>
  [
    // Not on each agent's bridge: that address does not exist before the agent's network, so a new agent would be refused until
    // Squid is configured again, and for that it closes its port to everybody for up to a second.
    `http_port 0.0.0.0:${port}`,
    // Strangers first: what is judged by its destination is looked up, and a look-up is a way out.
    ...list(
      "agents src",
      agents.map(({ address }) => address),
    ),
    agents.length === 0 ? "http_access deny all" : "http_access deny !agents",
    "acl CONNECT method CONNECT",
    "acl web_ports port 80 443",
    "acl tls_port port 443",
    ...list("forbidden dst", FORBIDDEN),
    `acl own_addresses dst "${OWN_ADDRESSES}"`,
    "http_access deny manager",
    "http_access deny !web_ports",
    "http_access deny CONNECT !tls_port",
    ...agents.flatMap(rules),
    "",
    "http_access deny forbidden",
    "http_access deny own_addresses",
    ...agents.map(({ name }) => `http_access allow agent_${name}`),
    "http_access deny all",
    "",
    ...renderLimits(clients, receiveMbPerSecond),
    ...(agents.length === 0 ? [] : ["delay_access 1 allow agents"]),
    "delay_access 1 deny all",
    "",
    "logformat fleet %ts.%03tu agent=%{agent}note %>a %Ss/%03>Hs %rm %ru",
    "access_log stdio:/dev/stdout fleet",
    "cache_log stdio:/dev/stderr",
    "cache deny all",
    // Squid's pinger needs a capability, and without a peer to choose there is nothing to ping for.
    "pinger_enable off",
    "cache_mem 0 MB",
    "pid_filename none",
    "logfile_rotate 0",
    "coredump_dir /tmp",
    "visible_hostname egress-proxy",
    "httpd_suppress_version_string on",
    "via off",
    "forwarded_for delete",
    "shutdown_lifetime 1 second",
    "",
  ].join("\n");
