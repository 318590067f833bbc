/** Access to the container of one agent. */
import type Docker from "dockerode";
import { OperatorError } from "../system/operator-error.ts";
import type { Outputs, StackEngine } from "../workspace/engine.ts";
import type { Project } from "../workspace/project.ts";
import { type Connect, connectionsOf, onHost } from "./connections.ts";
import { readFleet } from "./fleet-config.ts";

/** @throws OperatorError if the stack has no fleet yet */
export async function requireOutputs(engine: StackEngine): Promise<Outputs> {
  const outputs = await engine.outputs();
  if (outputs === undefined) {
    throw new OperatorError("This stack has no fleet yet. Deploy it first: npm run up");
  }
  return outputs;
}

type DeployedAgent = Outputs["fleet"]["agents"][string];

export interface AgentAccess {
  readonly agent: DeployedAgent;
  readonly token: string;
  /** @throws OperatorError that names the agent's host if its Docker daemon refuses the call or does not respond */
  withContainer<T>(call: (container: Docker.Container) => Promise<T>): Promise<T>;
}

/** @throws OperatorError for an agent that the stack does not have, or that is switched off */
export function findAgent({ fleet }: Outputs, name: string): DeployedAgent {
  const agent = Object.hasOwn(fleet.agents, name) ? fleet.agents[name] : undefined;
  if (agent === undefined) {
    const known = Object.keys(fleet.agents).join(", ") || "none";
    throw new OperatorError(`There is no agent "${name}" in this stack. Its agents: ${known}.`);
  }
  if (!agent.enabled) throw new OperatorError(`Agent ${name} is switched off (enabled: false).`);
  return agent;
}

/** @throws OperatorError also if the agent's host is no longer in the configuration */
export function openAgent(project: Project, outputs: Outputs, name: string, connect: Connect): AgentAccess {
  const agent = findAgent(outputs, name);
  const connection = connectionsOf(readFleet(project), outputs.fleet).get(agent.host);
  if (connection === undefined) {
    throw new OperatorError(
      `Agent ${name} runs on ${agent.host}, which is no longer in the configuration, or whose host key is not verified.`,
    );
  }
  const container = connect(connection).getContainer(agent.container);
  return {
    agent,
    token: outputs.tokens[name] ?? "",
    withContainer: (call) => onHost(agent.host, connection, () => call(container)),
  };
}
