import type { Log } from "../system/terminal.ts";
import type { Outputs, StackEngine } from "../workspace/engine.ts";
import type { Project } from "../workspace/project.ts";
import { type AgentStates, allStarted, askAgents, notStarted, SETTLE_MS } from "./agent-states.ts";
import { connectionsOf } from "./connections.ts";
import { readCheckedFleet, requireProviders } from "./fleet-config.ts";
import { requireKnownDaemons } from "./known-daemons.ts";
import { prepareHosts } from "./prepare-hosts.ts";
import { brokenServices, type ServiceState, serviceStates } from "./service-states.ts";

export interface UpResult {
  readonly outputs: Outputs;
  readonly states: AgentStates;
  /** Agents that should have started and have not. */
  readonly notStarted: readonly string[];
  /** Whether the engine could change everything that had to change. */
  readonly isUpdated: boolean;
  /** Services of hosts that do not work. */
  readonly brokenServices: readonly ServiceState[];
  /** Whether every agent that is switched on has started in addition, and every service works. */
  readonly hasConverged: boolean;
}

/** An update that succeeded is not enough: an agent that does not start is of no use. */
export const hasConverged = ({
  isUpdated,
  states,
  brokenServices: broken,
}: Pick<UpResult, "isUpdated" | "states" | "brokenServices">): boolean =>
  isUpdated && allStarted(states) && broken.length === 0;

/**
 * Prepares the hosts, updates the stack, and asks every agent whether it has started and every service whether it works.
 *
 * @returns undefined if the update failed before there was a fleet
 */
export async function up(project: Project, engine: StackEngine, log: Log): Promise<UpResult | undefined> {
  const fleet = readCheckedFleet(project);
  requireProviders(fleet, engine.name);
  await requireKnownDaemons(project, fleet);
  await prepareHosts(fleet, log);
  const isUpdated = await engine.up();
  const outputs = await engine.outputs();
  if (outputs === undefined) return undefined;
  const states = await askAgents(project.stack, fleet, outputs, isUpdated ? SETTLE_MS : 0);
  const services = await serviceStates(project.stack, fleet.settings, connectionsOf(fleet, outputs.fleet));
  const result = {
    outputs,
    states,
    notStarted: notStarted(states),
    isUpdated,
    brokenServices: brokenServices(services),
  };
  return { ...result, hasConverged: hasConverged(result) };
}
