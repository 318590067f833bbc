import type { HostSource } from "../host.ts";
import { ownHost } from "../own-host.ts";
import { dockerSettings } from "./settings.ts";

/** Where Docker listens unless it is told otherwise. */
const DEFAULT_ADDRESS = "unix:///var/run/docker.sock";

/** A daemon that already runs. */
export const docker: HostSource<typeof dockerSettings> = {
  settings: dockerSettings,
  problems: () => [],
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
