import type { Fleet } from "../fleet/config/fleet.ts";
import { OperatorError } from "../system/operator-error.ts";
import type { Outputs, StackEngine } from "../workspace/engine.ts";
import type { Project } from "../workspace/project.ts";
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

/** What is left of a destroyed fleet: a line for each volume. */
export function keptData({ fleet: { hosts, agents } }: Outputs): string[] {
  const ofAgents = Object.entries(agents)
    .filter(([, { host }]) => hosts[host]?.dataVolume == null)
    .map(
      ([name, { volume, host }]) =>
        `${name}: volume ${volume} on host ${host}. To delete it permanently: npm run purge -- ${name}`,
    );
  const ofHosts = Object.entries(hosts).flatMap(([host, { dataVolume, agents: names }]) =>
    dataVolume == null
      ? []
      : [
          `volume ${dataVolume} of host ${host} (${names.join(", ") || "no agents"}): stays with the cloud provider, which charges for it`,
        ],
  );
  return [...ofAgents, ...ofHosts];
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
export async function destroy(project: Project, engine: StackEngine): Promise<Destroyed> {
  requireUnprotected(readFleet(project));
  const outputs = await engine.outputs();
  const succeeded = await engine.destroy();
  return { succeeded, kept: succeeded && outputs !== undefined ? keptData(outputs) : [] };
}
