/** How the Docker engine of a host that runs already is reached. */
import type { Fleet, HetznerServers, SshHost } from "../config/schema.ts";

export interface DockerEngine {
  /** `unix://`, `tcp://` or `ssh://`. */
  readonly address: string;
  /** Further words for `ssh`; none for the others. */
  readonly sshOptions: readonly string[];
  /** Whom SSH takes for it, where that is pinned. */
  readonly hostKey?: string | undefined;
}

const option = (name: string, value: string): string[] => ["-o", `${name}=${value}`];

/** How a login by SSH is made; a rented server's has everything of an own host's. */
export type Login = Pick<SshHost, "key" | "hostKey" | "connectSeconds">;

/** Whoever answers must prove to be the host: by the key that is pinned, or by the user's own known hosts. */
const identity = ({ hostKey }: Login): string[] => [
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

export const sshOptions = (host: Login): string[] => [
  ...option("BatchMode", "yes"),
  ...option("ConnectTimeout", String(host.connectSeconds)),
  ...option("ServerAliveInterval", "15"),
  ...option("LogLevel", "ERROR"),
  ...(host.key === undefined ? [] : ["-i", host.key, ...option("IdentitiesOnly", "yes")]),
  ...identity(host),
];

const RENTED_CONNECT_SECONDS = 15;

/** @param hostKey what the server has proved to be its own */
export const rentedLogin = ({ key }: Pick<HetznerServers, "key">, hostKey: string): Login => ({
  key,
  hostKey,
  connectSeconds: RENTED_CONNECT_SECONDS,
});

/** @param address where SSH answers */
export const rentedEngine = (address: string, login: Login): DockerEngine => ({
  address: `ssh://root@${address}`,
  sshOptions: sshOptions(login),
  hostKey: login.hostKey,
});

/** Undefined for a group of servers: where those are is known only once they are made. */
export function engineOf(host: Fleet["hosts"][string]): DockerEngine | undefined {
  if (host.kind === "hetzner") return undefined;
  if (host.kind === "docker") return { address: host.address, sshOptions: [] };
  const port = host.port === 22 ? "" : `:${host.port}`;
  const { hostKey } = host;
  return {
    address: `ssh://${host.user}@${host.address}${port}`,
    sshOptions: sshOptions(host),
    ...(hostKey === undefined ? {} : { hostKey }),
  };
}
