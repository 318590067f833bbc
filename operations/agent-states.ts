/** Whether the agents that were deployed have started. */
import { setTimeout as sleep } from "node:timers/promises";
import { connect } from "docker-connection";
import type { Fleet } from "../fleet/config/fleet.ts";
import type { FleetSettings } from "../fleet/config/schema.ts";
import { STARTED } from "../openclaw/contract.ts";
import { messageOf } from "../system/operator-error.ts";
import type { Outputs } from "../workspace/engine.ts";
import { type Question, stateOf, UNATTRIBUTED } from "./ask-agent.ts";
import { readRootCertificate } from "./ca.ts";
import { connectionsOf, type DockerConnection } from "./connections.ts";

const SWITCHED_OFF = "switched off";

/**
 * How long an agent may take to answer after an update: a public CA takes a while to issue its certificate, and on a host
 * that was just started all agents start at the same time.
 */
export const SETTLE_MS = 60_000;
const POLL_MS = 1000;

/** By agent: `started`, `switched off`, or why it has not started. */
export type AgentStates = Readonly<Record<string, string>>;

/** Whether an agent of this state is as it should be. */
const isWell = (state: string): boolean => state === STARTED || state === SWITCHED_OFF;

/** Agents that should have started and have not. */
export const notStarted = (states: AgentStates): string[] =>
  Object.entries(states).flatMap(([agent, state]) => (isWell(state) ? [] : [agent]));

/** Whether every agent has started, except for those that are switched off. */
export const allStarted = (states: AgentStates): boolean => notStarted(states).length === 0;

async function settledState(question: Question, patienceMs: number, ask: typeof stateOf): Promise<string> {
  const end = Date.now() + patienceMs;
  let state = await ask(question);
  while (state !== STARTED && state !== UNATTRIBUTED && Date.now() < end) {
    await sleep(POLL_MS);
    state = await ask(question);
  }
  return state;
}

/** An agent without a public address cannot be asked from here; its container's health check asks the same. */
async function healthOf(connection: DockerConnection | undefined, container: string): Promise<string> {
  if (connection === undefined) return "unknown: its host is not in the configuration";
  try {
    const { State } = await connect(connection).getContainer(container).inspect();
    return State.Health?.Status === "healthy" ? STARTED : (State.Health?.Status ?? State.Status);
  } catch (error) {
    return `unknown (${messageOf(error)})`;
  }
}

/** By host: the certificate of the ingress's internal CA. Empty if a public CA is used, which this machine trusts already. */
async function authoritiesOf(
  stack: string,
  { settings: { ingress } }: Fleet,
  connections: ReadonlyMap<string, DockerConnection>,
): Promise<ReadonlyMap<string, string>> {
  if (ingress.tls !== "internal") return new Map();
  const certificates = [...connections].map(
    async ([host, connection]) =>
      [host, await readRootCertificate(stack, connection).catch(() => "")] as const,
  );
  return new Map(await Promise.all(certificates));
}

/** Where the ingress of a host listens. */
export function ingressAddress({ ingress }: Pick<FleetSettings, "ingress">, dockerAddress: string): string {
  const { protocol, hostname } = new URL(dockerAddress);
  if (protocol !== "unix:") return hostname;
  return ingress.listen.find((address) => address !== "0.0.0.0" && address !== "::") ?? "127.0.0.1";
}

/** @param patienceMs how long to wait for agents that have not started yet */
export async function askAgents(
  stack: string,
  fleet: Fleet,
  { fleet: deployed }: Outputs,
  patienceMs: number,
  ask: typeof stateOf = stateOf,
): Promise<AgentStates> {
  const connections = connectionsOf(fleet, deployed);
  const authorities = await authoritiesOf(stack, fleet, connections);
  const hosts = new Map(Object.entries(deployed.hosts));
  const stateOfAgent = async (agent: Outputs["fleet"]["agents"][string]): Promise<string> => {
    if (!agent.enabled) return SWITCHED_OFF;
    if (agent.access !== "public") return healthOf(connections.get(agent.host), agent.container);
    const address = ingressAddress(fleet.settings, hosts.get(agent.host)?.address ?? "unix:///");
    const question = { url: agent.url, address, authority: authorities.get(agent.host) };
    const state = await settledState(question, patienceMs, ask);
    // The ingress has answered, and the gateway behind it; whether it has started is known to its own health check.
    return state === UNATTRIBUTED ? healthOf(connections.get(agent.host), agent.container) : state;
  };
  const states = Object.entries(deployed.agents).map(
    async ([name, agent]) => [name, await stateOfAgent(agent)] as const,
  );
  return Object.fromEntries(await Promise.all(states));
}
