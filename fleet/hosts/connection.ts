/** How the Docker daemon of a host is reached. */

export interface DockerConnection {
  /** `unix://`, `tcp://` or `ssh://`. */
  readonly address: string;
  /** Further arguments for `ssh`; none for the others. */
  readonly sshOptions: readonly string[];
  /** The folder with `ca.pem`, `cert.pem` and `key.pem`, of `tcp://` with TLS. */
  readonly certificates?: string | undefined;
  /** The only host key that SSH accepts, where it is pinned. */
  readonly hostKey?: string | undefined;
}

/** How a login by SSH is made. */
export interface SshLogin {
  /** The private key's file. Default: what `ssh` would use. */
  readonly key?: string | undefined;
  /** The server's public host key. Default: the user's known hosts. */
  readonly hostKey?: string | undefined;
  readonly connectSeconds: number;
}

const option = (name: string, value: string): string[] => ["-o", `${name}=${value}`];

/** The server must have the pinned host key, or one of the user's known hosts. */
const hostKeyOptions = ({ hostKey }: SshLogin): string[] => [
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

export const sshOptions = (login: SshLogin): string[] => [
  ...option("BatchMode", "yes"),
  ...option("ConnectTimeout", String(login.connectSeconds)),
  ...option("ServerAliveInterval", "15"),
  ...option("LogLevel", "ERROR"),
  ...(login.key === undefined ? [] : ["-i", login.key, ...option("IdentitiesOnly", "yes")]),
  ...hostKeyOptions(login),
];

export interface SshAddress {
  readonly user: string;
  readonly address: string;
  readonly port: number;
}

export const sshConnection = ({ user, address, port }: SshAddress, login: SshLogin): DockerConnection => ({
  address: `ssh://${user}@${address}${port === 22 ? "" : `:${port}`}`,
  sshOptions: sshOptions(login),
  ...(login.hostKey === undefined ? {} : { hostKey: login.hostKey }),
});
