import type { HostSource } from "../host.ts";
import { ownHost } from "../own-host.ts";
import { dockerSettings } from "./settings.ts";

/** A daemon that already runs. */
export const docker: HostSource<typeof dockerSettings> = {
  settings: dockerSettings,
  problems: () => [],
  create: (name, settings) =>
    ownHost(
      name,
      settings,
      { address: settings.address, sshOptions: [] },
      settings.address.startsWith("unix:") ? undefined : new URL(settings.address).hostname,
    ),
};
