import { connect, NOT_FOUND, unlessStatus } from "docker-connection";
import type { Fleet } from "../fleet/config/fleet.ts";
import { agentObject, LABELS } from "../fleet/names.ts";
import { OperatorError } from "../system/operator-error.ts";
import type { Outputs, StackEngine } from "../workspace/engine.ts";
import type { Project } from "../workspace/project.ts";
import { type Connect, connectionsOf, onHost } from "./connections.ts";
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

/** Deletes the data of a removed agent on every host of the fleet. */
export async function purge(
  project: Project,
  agent: string,
  { engine, confirm, print, connect: connectTo = connect }: PurgePorts,
): Promise<void> {
  const { stack } = project;
  const fleet = readFleet(project);
  const outputs = await engine.outputs();
  requireRemoved(fleet, outputs, agent);
  const volumeName = agentObject(stack, agent);
  let deleted = 0;
  for (const [host, connection] of connectionsOf(fleet, outputs?.fleet)) {
    const volume = connectTo(connection).getVolume(volumeName);
    const found = await onHost(host, connection, () => unlessStatus([NOT_FOUND], () => volume.inspect()));
    if (found === undefined) continue;
    if (!isOwnVolume(found.Labels, { stack, agent })) {
      throw new OperatorError(
        `Volume ${volumeName} on ${host} does not have this fleet's labels; it was not deleted.`,
      );
    }
    await confirm(`Permanently delete all data of ${agent} on ${host} (volume ${volumeName})?`);
    await onHost(host, connection, () => volume.remove());
    print(`${agent}: deleted volume ${volumeName} on ${host}.`);
    deleted++;
  }
  if (deleted === 0) print(`There is no data of ${agent} on ${[...fleet.hosts.keys()].join(", ")}.`);
}
