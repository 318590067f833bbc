/** Which Docker daemon a host is: a fleet is never made a second time because an address leads elsewhere. */
import type { Problem } from "../config/problem.ts";
import type { Inventory } from "./inventory.ts";
import type { DockerHostPlan } from "./types.ts";

type Host = Pick<DockerHostPlan, "name" | "entry" | "daemon" | "connection" | "server">;

/** The id that the configuration or the state says; undefined where any is right. A rented server is replaced with its daemon. */
const expected = ({ name, daemon, server }: Host, known: ReadonlyMap<string, string>): string | undefined =>
  server === undefined ? (daemon ?? known.get(name)) : undefined;

/** @param known by host: the ids that the state has */
export const isOtherDaemon = (
  host: Host,
  { daemon }: Pick<Inventory, "daemon">,
  known: ReadonlyMap<string, string>,
): boolean => (expected(host, known) ?? daemon) !== daemon;

export function describeOtherDaemon(
  host: Host,
  inventory: Pick<Inventory, "daemon">,
  known: ReadonlyMap<string, string>,
): Problem {
  const { name, entry, daemon, connection } = host;
  const where = connection === undefined ? "" : ` at ${connection.address}`;
  const other =
    daemon === undefined
      ? `what the state has of host ${name} is on another one`
      : "this host must be another one";
  return {
    path: `hosts.${entry}`,
    message: `the Docker daemon${where} has the id ${inventory.daemon}, and ${other}, ${expected(host, known)}`,
    remedy: `correct the address, DOCKER_HOST or the docker context. If the other daemon is gone for good, set hosts.${entry}.daemon to "${inventory.daemon}": everything is then created there, and every agent starts without its data`,
  };
}
