import { connect, NOT_FOUND, unlessStatus } from "docker-connection";
import type { Fleet } from "../fleet/config/fleet.ts";
import { agentObject, LABELS } from "../fleet/names.ts";
import { OperatorError } from "../system/operator-error.ts";
import type { Outputs, StackEngine } from "../workspace/engine.ts";
import type { Project } from "../workspace/project.ts";
import { agentData } from "./agent-data.ts";
import { type Connect, connectionsOf, type DockerConnection, onHost } from "./connections.ts";
import { readFleet } from "./fleet-config.ts";

export interface PurgePorts {
  readonly engine: StackEngine;
  /** @throws if the operator does not agree */
  confirm(question: string): Promise<void>;
  print(line: string): void;
  readonly connect?: Connect;
}

/** Whether a volume is an agent's of this stack. Any other volume may merely have the same name. */
export const isOwnVolume = (
  labels: Readonly<Record<string, string>> | null | undefined,
  { stack, agent }: { readonly stack: string; readonly agent: string },
): boolean => labels?.[LABELS.stack] === stack && labels[LABELS.agent] === agent;

/** @throws OperatorError for an agent that the fleet still has, or that its stack file lists */
function requireRemoved({ agents }: Fleet, outputs: Outputs | undefined, agent: string): void {
  const isListed = agents.some(({ name }) => name === agent);
  if (!isListed && !Object.hasOwn(outputs?.fleet.agents ?? {}, agent)) return;
  throw new OperatorError(`Agent ${agent} is still in the fleet. Remove its entry and run: npm run up`);
}

interface Found {
  readonly agent: string;
  readonly host: string;
  readonly volume: string;
  remove(): Promise<unknown>;
}

/** @throws OperatorError for a volume of that name without this fleet's labels */
async function findVolumes(
  stack: string,
  agent: string,
  connections: ReadonlyMap<string, DockerConnection>,
  connectTo: Connect,
): Promise<Found[]> {
  const volume = agentObject(stack, agent);
  const found: Found[] = [];
  for (const [host, connection] of connections) {
    const handle = connectTo(connection).getVolume(volume);
    const info = await onHost(host, connection, () => unlessStatus([NOT_FOUND], () => handle.inspect()));
    if (info === undefined) continue;
    if (!isOwnVolume(info.Labels, { stack, agent })) {
      throw new OperatorError(
        `Volume ${volume} on ${host} does not have this fleet's labels; nothing was deleted.`,
      );
    }
    found.push({ agent, host, volume, remove: () => onHost(host, connection, () => handle.remove()) });
  }
  return found;
}

const question = (found: readonly Found[]): string =>
  `Permanently delete all data of ${[...Map.groupBy(found, ({ agent }) => agent)]
    .map(([agent, volumes]) => `${agent} on ${volumes.map(({ host }) => host).join(", ")}`)
    .join("; ")}?`;

/**
 * Deletes the data of removed agents on every host of the fleet, after a single question.
 *
 * @param agents their names, or `left` for every agent that has data and no entry
 */
export async function purge(
  project: Project,
  agents: readonly string[] | "left",
  { engine, confirm, print, connect: connectTo = connect }: PurgePorts,
): Promise<void> {
  const { stack } = project;
  const fleet = readFleet(project);
  const outputs = await engine.outputs();
  const connections = connectionsOf(fleet, outputs?.fleet);
  const names = agents === "left" ? await leftAgents(stack, fleet, outputs, connections, connectTo) : agents;
  for (const agent of names) requireRemoved(fleet, outputs, agent);
  const found: Found[] = [];
  for (const agent of names) {
    const volumes = await findVolumes(stack, agent, connections, connectTo);
    found.push(...volumes);
    if (volumes.length === 0) print(`There is no data of ${agent} on ${[...fleet.hosts.keys()].join(", ")}.`);
  }
  if (names.length === 0) print("There is no data of removed agents.");
  if (found.length === 0) return;
  await confirm(question(found));
  for (const { agent, host, volume, remove } of found) {
    await remove();
    print(`${agent}: deleted volume ${volume} on ${host}.`);
  }
}

async function leftAgents(
  stack: string,
  { agents }: Fleet,
  outputs: Outputs | undefined,
  connections: ReadonlyMap<string, DockerConnection>,
  connectTo: Connect,
): Promise<string[]> {
  const listed = new Set([...agents.map(({ name }) => name), ...Object.keys(outputs?.fleet.agents ?? {})]);
  const data = await agentData(stack, connections, connectTo);
  return [...new Set(data.map(({ agent }) => agent))].filter((agent) => !listed.has(agent));
}
