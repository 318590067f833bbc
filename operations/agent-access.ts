/** The one container that a command about an agent is about. */
import type Docker from "dockerode";
import type { Outputs, StackEngine } from "../workspace/engine.ts";
import { dockerOf, enginesOf, readFleet } from "./fleet-config.ts";
import type { Project } from "../workspace/project.ts";
import { UserError } from "../workspace/user-error.ts";

export async function requireOutputs(engine: StackEngine): Promise<Outputs> {
  const outputs = await engine.outputs();
  if (outputs === undefined)
    throw new UserError("This stack holds no fleet yet. Bring it up first: npm run up");
  return outputs;
}

export interface AgentAccess {
  readonly name: string;
  readonly agent: Outputs["fleet"]["agents"][string];
  readonly token: string;
  readonly docker: Docker;
  readonly container: Docker.Container;
}

/** @throws UserError for a name that the fleet does not have, and for an agent that is switched off. */
export function openAgent(project: Project, { fleet, tokens }: Outputs, name: string): AgentAccess {
  const agent = fleet.agents[name];
  if (agent === undefined) {
    const known = Object.keys(fleet.agents).join(", ") || "none";
    throw new UserError(`There is no agent "${name}" in this stack. It has: ${known}.`);
  }
  if (!agent.enabled) throw new UserError(`Agent ${name} is switched off (enabled: false).`);
  const engine = enginesOf(readFleet(project), fleet).get(agent.host);
  if (engine === undefined)
    throw new UserError(`Agent ${name} lives on ${agent.host}, which is no longer in the configuration.`);
  const docker = dockerOf(engine);
  return { name, agent, token: tokens[name] ?? "", docker, container: docker.getContainer(agent.container) };
}
