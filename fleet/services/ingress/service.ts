import type { Problem } from "../../config/problem.ts";
import {
  CONFIG_DIRECTORY,
  type Credential,
  SERVICE_DIRECTORY,
  type ServiceDefinition,
  type ServicePort,
} from "../service.ts";
import { AGENT_SOCKETS, tailnet } from "../tailnet/service.ts";
import { ADMIN_SOCKET, DNS_TOKEN_VARIABLE, renderCaddy } from "./caddy.ts";
import { HEAP_MB, MEMORY_MB, OPEN_FILES } from "./limits.ts";
import { type IngressSettings, ingressSettings, STANDARD_IMAGE } from "./settings.ts";

const FILE = "caddy.json";

const MODULE = "github.com/caddyserver/caddy/v2";

/** Caddy's own image contains no module for any DNS provider. */
const wildcardsHaveTheirModule = ({ tls, image, acme }: IngressSettings): Problem[] =>
  tls !== "wildcard" || image !== STANDARD_IMAGE
    ? []
    : [
        {
          path: "ingress.image",
          value: image,
          message: `a wildcard certificate is proved by a DNS record, and this image does not contain the module dns.providers.${acme.dnsProvider}`,
          remedy: "use a Caddy image that is built with it, or tls: acme",
        },
      ];

const ports = ({ listen, port, httpPort }: IngressSettings): ServicePort[] => [
  { setting: "ingress.port", port, addresses: listen, openTo: "everyone" },
  ...(httpPort === undefined
    ? []
    : [{ setting: "ingress.httpPort", port: httpPort, addresses: listen, openTo: "everyone" } as const]),
];

const dnsToken: Credential = {
  key: "acmeDnsToken",
  variable: DNS_TOKEN_VARIABLE,
  purpose: "for a wildcard certificate: a token that may edit the DNS of the zone; every host gets it",
};

const LOADER = [
  `[ -e ${SERVICE_DIRECTORY}/${FILE} ] || cp ${CONFIG_DIRECTORY}/${FILE} ${SERVICE_DIRECTORY}/${FILE}`,
  "tries=0",
  `until message=$(caddy reload --config ${CONFIG_DIRECTORY}/${FILE} --address ${ADMIN_SOCKET} 2>&1); do`,
  '  tries=$((tries + 1)); [ $tries -lt 50 ] || { echo "$message"; exit 1; }',
  "  sleep 0.2",
  "done",
  `cp ${CONFIG_DIRECTORY}/${FILE} ${SERVICE_DIRECTORY}/next && mv ${SERVICE_DIRECTORY}/next ${SERVICE_DIRECTORY}/${FILE}`,
].join("\n");

/** Caddy's image has no Bash, and one that was built from Debian's packages has no netcat. */
const answers = (address: string, port: number): string =>
  `if command -v bash >/dev/null; then exec bash -c 'exec 3<>/dev/tcp/${address}/${port}'; else exec nc -z ${address} ${port}; fi`;

export const ingress: ServiceDefinition<"ingress", typeof ingressSettings> = {
  name: "ingress",
  title: "ingress",
  setting: "ingress",
  settings: ingressSettings,
  problems: wildcardsHaveTheirModule,
  image: ({ image }) => image,
  recipe: {
    packages: ["ca-certificates", "libcap2-bin"],
    go: {
      module: MODULE,
      programs: ["caddy"],
      folder: "usr/bin",
      // Built outside its own repository, Caddy does not know its version.
      flags: `-s -w -X ${MODULE}.CustomVersion=v{version}`,
    },
    finish: `
      mkdir -p "$1/config/caddy" "$1/data/caddy" "$1/etc/caddy" "$1/srv"
      chroot "$1" setcap cap_net_bind_service=+ep /usr/bin/caddy`,
    settings: [
      "WORKDIR /srv",
      "ENV CADDY_VERSION=v{version}",
      "ENV XDG_CONFIG_HOME=/config",
      "ENV XDG_DATA_HOME=/data",
      "EXPOSE 80 443 443/udp 2019",
      'CMD ["caddy", "run", "--config", "/etc/caddy/Caddyfile", "--adapter", "caddyfile"]',
    ],
  },
  ports,
  credentials: [dnsToken],
  needsCredentials: ({ tls }) => tls === "wildcard",
  configFile: FILE,
  plan: (settings, { domain, agents, services }) => ({
    config: renderCaddy(domain, settings, agents),
    container: {
      user: "root",
      capabilities: { drops: ["ALL"], adds: ["CAP_NET_BIND_SERVICE"] },
      memoryMb: MEMORY_MB,
      tmpfs: { "/tmp": "mode=1777", [CONFIG_DIRECTORY]: "" },
      networkMode: "host",
      // Certificates are kept in the volume, so they outlive the container.
      environment: [
        `GOMEMLIMIT=${HEAP_MB}MiB`,
        `XDG_CONFIG_HOME=${CONFIG_DIRECTORY}`,
        `XDG_DATA_HOME=${SERVICE_DIRECTORY}/data`,
      ],
      run: `ulimit -n ${OPEN_FILES} && exec caddy run --config ${SERVICE_DIRECTORY}/${FILE}`,
    },
    loader: {
      capabilities: { drops: ["ALL"], adds: ["CAP_NET_BIND_SERVICE"] },
      sharesProcesses: false,
      load: LOADER,
    },
    sharedVolumes: services.has(tailnet.name) ? [AGENT_SOCKETS] : [],
  }),
  health: (settings) => ["sh", "-c", answers(reachableAddress(settings), settings.port)],
  replacing: "every connection through it is closed",
};

/** An address at which the host itself reaches the ingress. */
const reachableAddress = ({ listen }: IngressSettings): string =>
  listen.find((address) => address !== "0.0.0.0" && !address.includes(":")) ?? "127.0.0.1";
