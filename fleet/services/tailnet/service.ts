import { cloudName } from "../../names.ts";
import { CONFIG_DIRECTORY, type Credential, SERVICE_DIRECTORY, type ServiceDefinition } from "../service.ts";
import { renderServe, SOCKET_DIRECTORY } from "./serve.ts";
import { type TailnetSettings, tailnetSettings } from "./settings.ts";

const FILE = "serve.json";

const SOCKET = "/tmp/tailscaled.sock";

/** The volume where the tailnet node meets the ingress: neither sees what the other keeps. */
export const AGENT_SOCKETS = { name: "agent-sockets", path: SOCKET_DIRECTORY };

const authKey: Credential = {
  key: "tailscaleAuthKey",
  variable: "TS_AUTHKEY",
  purpose: "to join the tailnet: an authentication key that is reusable and whose nodes are tagged",
};

/** A host's name in the tailnet. */
export const nodeName = (stack: string, host: string): string => cloudName(stack, host);

/** A host's full name in the tailnet. */
export const nodeAddress = (stack: string, host: string, { tailnet }: TailnetSettings): string =>
  `${nodeName(stack, host)}.${tailnet}`;

export const tailnet: ServiceDefinition<"tailscale", typeof tailnetSettings> = {
  name: "tailnet",
  title: "tailnet node",
  setting: "tailscale",
  settings: tailnetSettings,
  problems: () => [],
  image: ({ image }) => image,
  recipe: {
    packages: ["ca-certificates"],
    go: {
      module: "tailscale.com",
      programs: ["containerboot", "tailscale", "tailscaled"],
      folder: "usr/local/bin",
      flags: "-s -w",
    },
    settings: ['CMD ["/usr/local/bin/containerboot"]'],
  },
  ports: () => [],
  credentials: [authKey],
  needsCredentials: () => true,
  configFile: FILE,
  plan: ({ loginServer }, { stack, host, agents, sshAddress }) => ({
    config: renderServe(
      agents.filter(({ access }) => access === "tailscale").map(({ loopbackPort }) => loopbackPort),
      sshAddress,
    ),
    container: {
      user: "root",
      capabilities: { drops: ["ALL"] },
      memoryMb: 256,
      tmpfs: { "/tmp": "mode=1777", "/var/run": "" },
      // Tailscale's own network stack needs no capability and no device; but it forwards whatever it does not serve to
      // 127.0.0.1, so that must not be the host's.
      networkMode: "bridge",
      environment: [
        "TS_AUTH_ONCE=true",
        `TS_SERVE_CONFIG=${SERVICE_DIRECTORY}/${FILE}`,
        `TS_SOCKET=${SOCKET}`,
        `TS_STATE_DIR=${SERVICE_DIRECTORY}/state`,
        "TS_USERSPACE=true",
        `TS_HOSTNAME=${nodeName(stack, host)}`,
        ...(loginServer === undefined ? [] : [`TS_EXTRA_ARGS=--login-server=${loginServer}`]),
      ],
      run: "exec containerboot",
    },
    // Containerboot watches the file itself.
    loader: {
      capabilities: { drops: ["ALL"] },
      sharesProcesses: false,
      load: `cp ${CONFIG_DIRECTORY}/${FILE} ${SERVICE_DIRECTORY}/next && mv ${SERVICE_DIRECTORY}/next ${SERVICE_DIRECTORY}/${FILE}`,
    },
    sharedVolumes: [AGENT_SOCKETS],
  }),
  health: () => ["tailscale", `--socket=${SOCKET}`, "status"],
  replacing: "every connection over the tailnet is closed",
};
