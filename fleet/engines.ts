/** How the Docker engine of a host that runs already is reached. */
import type { Fleet, SshHost } from "./schema.ts";

export interface DockerEngine {
  /** `unix://`, `tcp://` or `ssh://`. */
  readonly address: string;
  /** Further words for `ssh`; none for the others. */
  readonly sshOptions: readonly string[];
}

const option = (name: string, value: string): string[] => ["-o", `${name}=${value}`];

/** Whoever answers must prove to be the host: by the key that the configuration pins, or by the user's own known hosts. */
const identity = ({ hostKey }: SshHost): string[] => [
  ...option("StrictHostKeyChecking", "yes"),
  ...(hostKey === undefined
    ? []
    : [
        ...option("UserKnownHostsFile", "/dev/null"),
        ...option("GlobalKnownHostsFile", "/dev/null"),
        // A file would have to be the same one wherever the program runs.
        ...option("KnownHostsCommand", `/bin/echo %H ${hostKey}`),
      ]),
];

const sshOptions = (host: SshHost): string[] => [
  ...option("BatchMode", "yes"),
  ...option("ConnectTimeout", String(host.connectSeconds)),
  ...option("ServerAliveInterval", "15"),
  ...option("LogLevel", "ERROR"),
  ...(host.key === undefined ? [] : ["-i", host.key, ...option("IdentitiesOnly", "yes")]),
  ...identity(host),
];

/** Undefined for a group of servers: where those are is known only once they are made. */
export function engineOf(host: Fleet["hosts"][string]): DockerEngine | undefined {
  if (host.kind === "hetzner") return undefined;
  if (host.kind === "docker") return { address: host.address, sshOptions: [] };
  const port = host.port === 22 ? "" : `:${host.port}`;
  return { address: `ssh://${host.user}@${host.address}${port}`, sshOptions: sshOptions(host) };
}
