import { connect } from "docker-connection";
import type { Fleet } from "../fleet/config/fleet.ts";
import { OperatorError } from "../system/operator-error.ts";
import type { Outputs, StackEngine } from "../workspace/engine.ts";
import type { Project } from "../workspace/project.ts";
import { type AgentData, agentData } from "./agent-data.ts";
import { type Connect, connectionsOf } from "./connections.ts";
import { readFleet } from "./fleet-config.ts";

/** @throws OperatorError if servers are protected: their provider would refuse half-way */
export function requireUnprotected({ hosts }: Pick<Fleet, "hosts">): void {
  const protectedHosts = [...hosts.values()].flatMap(({ name, isProtected }) =>
    isProtected ? [`hosts.${name}`] : [],
  );
  if (protectedHosts.length === 0) return;
  throw new OperatorError(
    `Servers are protected from deletion. Set protection: false in ${protectedHosts.join(", ")}, run \`npm run up\`, and then destroy.`,
  );
}

/** Beyond this many, the volumes of agents are counted. */
const MOST_LINES = 20;

/**
 * What is left of a destroyed fleet: a line for each volume.
 *
 * @param seen by host that has answered: its volumes, also of agents that were removed before
 */
export function keptData(
  { fleet: { hosts, agents } }: Outputs,
  seen: ReadonlyMap<string, readonly AgentData[]>,
): string[] {
  const unseen = Object.entries(agents)
    .filter(([, { host }]) => !seen.has(host))
    .map(([agent, { volume, host }]): AgentData => ({ agent, volume, host }));
  const known = [...unseen, ...[...seen.values()].flat()];
  const own = known.filter(({ host }) => hosts[host]?.dataVolume == null);
  const ofAgents = own
    .slice(0, MOST_LINES)
    .map(
      ({ agent, volume, host }) =>
        `${agent}: volume ${volume} on host ${host}. To delete it permanently, remove its entry and run: npm run purge -- ${agent}`,
    );
  const more = own.length - ofAgents.length;
  const ofHosts = Object.entries(hosts).flatMap(([host, { dataVolume, agents: names }]) =>
    dataVolume == null
      ? []
      : [
          `volume ${dataVolume} of host ${host} (${names.join(", ") || "no agents"}): stays with the cloud provider, which charges for it`,
        ],
  );
  return [...ofAgents, ...(more > 0 ? [`and ${more} more volumes`] : []), ...ofHosts];
}

export interface Destroyed {
  readonly succeeded: boolean;
  /** A line for each volume. */
  readonly kept: readonly string[];
}

/**
 * Removes everything that the stack created, except for the agents' data.
 *
 * @throws OperatorError if servers are protected
 */
export async function destroy(
  project: Project,
  engine: StackEngine,
  connectTo: Connect = connect,
): Promise<Destroyed> {
  const fleet = readFleet(project);
  requireUnprotected(fleet);
  const outputs = await engine.outputs();
  const succeeded = await engine.destroy();
  if (!succeeded || outputs === undefined) return { succeeded, kept: [] };
  // Hosts without a volume of their own, which stays with their cloud: the others are gone.
  const connections = [...connectionsOf(fleet, outputs.fleet)].filter(
    ([host]) => outputs.fleet.hosts[host]?.dataVolume == null,
  );
  const seen = new Map<string, readonly AgentData[]>();
  const look = async ([host, connection]: (typeof connections)[number]): Promise<void> => {
    const data = await agentData(project.stack, [[host, connection]], connectTo).catch(() => undefined);
    if (data !== undefined) seen.set(host, data);
  };
  await Promise.all(connections.map(look));
  return { succeeded, kept: keptData(outputs, seen) };
}
