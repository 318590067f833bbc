import type { HostSource } from "../host.ts";
import { ownHost } from "../own-host.ts";
import { dockerSettings } from "./settings.ts";

/** The socket that Docker listens on by default. */
const DEFAULT_ADDRESS = "unix:///var/run/docker.sock";

/** A daemon that already runs. */
export const docker: HostSource<typeof dockerSettings> = {
  settings: dockerSettings,
  problems: ({ address, certificates }, { name }) =>
    certificates === undefined || address?.startsWith("tcp:")
      ? []
      : [
          {
            path: `hosts.${name}.certificates`,
            value: certificates,
            message: "only a daemon behind `tcp://` has them",
            remedy: `leave them out, or set hosts.${name}.address to \`tcp://HOST:PORT\``,
          },
        ],
  create: (name, settings) => {
    const { address = DEFAULT_ADDRESS, certificates } = settings;
    return ownHost(
      name,
      settings,
      { address, sshOptions: [], ...(certificates === undefined ? {} : { certificates }) },
      address.startsWith("unix:") ? undefined : new URL(address).hostname,
    );
  },
};
