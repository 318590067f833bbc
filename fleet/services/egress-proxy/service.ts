import { CONFIG_DIRECTORY, SERVICE_DIRECTORY, type ServiceDefinition } from "../service.ts";
import { OWN_ADDRESSES, WATCH_OWN_ADDRESSES } from "./destinations.ts";
import { MEMORY_MB } from "./limits.ts";
import { egressProxySettings } from "./settings.ts";
import { renderSquid } from "./squid.ts";

/** Of `via off`, as agents' requests are not to name their host's software; and of a loader's network, which is none. */
const HARMLESS = "HTTP requires the use of Via|BCP 177 violation";

const FILE = "squid.conf";

export const egressProxy: ServiceDefinition<"egressProxy", typeof egressProxySettings> = {
  name: "egress-proxy",
  title: "egress proxy",
  setting: "egressProxy",
  settings: egressProxySettings,
  problems: () => [],
  image: ({ image }) => image,
  // Debian's Squid, whichever version the image's tag names.
  recipe: {
    packages: ["ca-certificates", "squid"],
    settings: ["EXPOSE 3128", 'CMD ["squid", "-N", "-f", "/etc/squid/squid.conf"]'],
  },
  ports: ({ port }) => [{ setting: "egressProxy.port", port, addresses: ["0.0.0.0"], openTo: "agents" }],
  credentials: [],
  needsCredentials: () => false,
  configFile: FILE,
  plan: ({ port, receiveMbPerSecond }, { agents }) => ({
    config: renderSquid(
      { port, receiveMbPerSecond, clients: agents.length },
      agents.flatMap(({ name, address, egress }) =>
        egress === "open" ? [] : [{ name, address, domains: egress }],
      ),
    ),
    container: {
      user: "proxy",
      capabilities: { drops: ["ALL"] },
      memoryMb: MEMORY_MB,
      tmpfs: {
        "/tmp": "mode=1777",
        "/run": "mode=1777",
        "/var/spool/squid": "mode=1777",
        "/var/log/squid": "mode=1777",
      },
      networkMode: "host",
      environment: [],
      run: `${WATCH_OWN_ADDRESSES}exec squid -N -f ${SERVICE_DIRECTORY}/${FILE}`,
    },
    loader: {
      capabilities: { drops: ["ALL"], adds: ["CAP_KILL"] },
      sharesProcesses: true,
      load: [
        // A configuration that Squid cannot read would end the running proxy, and one that it reads in part would be a hole.
        `echo 0.0.0.0 > ${OWN_ADDRESSES}`,
        `message=$(squid -k parse -f ${CONFIG_DIRECTORY}/${FILE} 2>&1); code=$?`,
        `if echo "$message" | grep -vE '${HARMLESS}' | grep -E 'FATAL|ERROR|WARNING|Bungled|unrecognized' || [ $code != 0 ]; then exit 1; fi`,
        `cp ${CONFIG_DIRECTORY}/${FILE} ${SERVICE_DIRECTORY}/next && mv ${SERVICE_DIRECTORY}/next ${SERVICE_DIRECTORY}/${FILE}`,
        "kill -HUP 1",
      ].join("\n"),
    },
    sharedVolumes: [],
  }),
  health: ({ port }) => ["bash", "-c", `exec 3<>/dev/tcp/127.0.0.1/${port}`],
  replacing: "every connection through it is closed",
};
