import { sshConnection } from "../connection.ts";
import type { HostSource } from "../host.ts";
import { ownHost } from "../own-host.ts";
import { sshSettings } from "./settings.ts";

/** A server of the operator's own, reached by SSH. */
export const ssh: HostSource<typeof sshSettings> = {
  settings: sshSettings,
  problems: () => [],
  create: (name, settings) => ownHost(name, settings, sshConnection(settings, settings), settings.address),
};
