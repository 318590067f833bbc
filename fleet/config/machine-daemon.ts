/** The Docker daemon of hosts whose entry has no address: the one that Docker's own tools use on this machine. */
import type { Problem } from "./problem.ts";
import type { FleetSettings } from "./schema.ts";

export type MachineDaemon =
  | {
      readonly address: string;
      readonly certificates?: string;
      /** Why this one; undefined for the default. */
      readonly reason: string | undefined;
      readonly problem?: undefined;
    }
  /** Why there is none. */
  | { readonly problem: string };

const hasNoAddress = (host: FleetSettings["hosts"][string]): boolean =>
  host.kind === "docker" && host.address === undefined;

/** Gives such hosts their address. */
export function withDaemon(settings: FleetSettings, daemon: MachineDaemon | undefined): FleetSettings {
  if (daemon === undefined || daemon.problem !== undefined) return settings;
  const { address, certificates } = daemon;
  const found = { address, ...(certificates === undefined ? {} : { certificates }) };
  const hosts = Object.entries(settings.hosts).map(([name, host]) => [
    name,
    hasNoAddress(host) ? { ...host, ...found } : host,
  ]);
  return { ...settings, hosts: Object.fromEntries(hosts) };
}

/** The hosts that need the daemon of this machine, where there is none. */
export const daemonProblems = (settings: FleetSettings, daemon: MachineDaemon | undefined): Problem[] =>
  daemon?.problem === undefined
    ? []
    : Object.entries(settings.hosts)
        .filter(([, host]) => hasNoAddress(host))
        .map(([name]) => ({
          path: `hosts.${name}`,
          message: `it is the Docker daemon of this machine, and ${daemon.problem}`,
          remedy: "correct that, or set the host's address",
        }));

/** Which daemon it is, and why, where it is not the default. */
export const daemonNotices = (settings: FleetSettings, daemon: MachineDaemon | undefined): string[] =>
  daemon === undefined || daemon.problem !== undefined || daemon.reason === undefined
    ? []
    : Object.entries(settings.hosts)
        .filter(([, host]) => hasNoAddress(host))
        .map(([name]) => `${name} is the Docker daemon at ${daemon.address}, because of ${daemon.reason}.`);
