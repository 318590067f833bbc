/** How the Docker daemons of a fleet's hosts are reached. */
import type { Fleet } from "../fleet/config/fleet.ts";
import type { DockerConnection } from "../fleet/hosts/connection.ts";
import type { Registry } from "../fleet/registry.ts";

/** By host: every daemon whose address is known before anything is created. */
export function connectionsOf(
  { hosts }: Pick<Fleet, "hosts">,
  { servers }: Pick<Registry, "servers">,
): Map<string, DockerConnection> {
  const own = [...hosts.values()].flatMap(({ name, connection }): [string, DockerConnection][] =>
    connection === undefined ? [] : [[name, connection]],
  );
  const rented = [...servers].flatMap(([name, { address, facts }]): [string, DockerConnection][] => {
    if (address === undefined || facts === undefined) return [];
    const entry = [...hosts.values()].find((host) => host.owns(name));
    const connection = entry?.connectionTo({ address: `ssh://${address}`, hostKey: facts.hostKey });
    return connection === undefined ? [] : [[name, connection]];
  });
  return new Map([...own, ...rented]);
}
