/** Every Docker daemon whose address is known from the settings and the state, before anything is created. */
import type { Fleet } from "../config/fleet.ts";
import type { Registry } from "../registry.ts";
import type { DockerConnection } from "./connection.ts";

/** By host. A cloud server without a verified host key is left out: another machine could answer at its address. */
export function knownConnections({ hosts }: Fleet, { servers }: Registry): Map<string, DockerConnection> {
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
