/** Squid's configuration: each agent reaches the names on its own allowlist, and only those. */

export interface AgentAllowlist {
  readonly name: string;
  /** The agent's address: its identity at the proxy. */
  readonly address: string;
  /** `example.com` or `.example.com`; none covers another. */
  readonly domains: readonly string[];
}

/**
 * Destinations that no name may resolve to. An allowed name can resolve to an address of the host or of a neighbour, so the
 * address is checked in addition to the name.
 */
const FORBIDDEN = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "224.0.0.0/3",
  "::/8",
  "64:ff9b::/96",
  "fc00::/7",
  "fe80::/10",
  "ff00::/8",
];

const rules = ({ name, address, domains }: AgentAllowlist): string[] => [
  "",
  `acl agent_${name} src ${address}`,
  `note agent ${name} agent_${name}`,
  ...(domains.length === 0
    ? [`http_access deny agent_${name}`]
    : [
        // -n: an address in place of a name is not looked up, so no reverse DNS entry can claim an allowed name.
        `acl names_${name} dstdomain -n ${domains.join(" ")}`,
        // Refused by name first, so that a forbidden name is not even resolved: DNS is a way out too.
        `http_access deny agent_${name} !names_${name}`,
      ]),
];

export const renderSquid = (port: number, agents: readonly AgentAllowlist[]): string =>
  [
    `http_port 0.0.0.0:${port}`,
    "acl CONNECT method CONNECT",
    "acl web_ports port 80 443",
    "acl tls_port port 443",
    `acl forbidden dst ${FORBIDDEN.join(" ")}`,
    "http_access deny manager",
    "http_access deny !web_ports",
    "http_access deny CONNECT !tls_port",
    ...agents.flatMap(rules),
    "",
    "http_access deny forbidden",
    ...agents.map(({ name }) => `http_access allow agent_${name}`),
    "http_access deny all",
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
