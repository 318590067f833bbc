/** The agents' data on the hosts: volumes, found by their labels, which outlive their agents' entries. */
import type { connect } from "docker-connection";
import { LABELS } from "../fleet/names.ts";
import { compare } from "../fleet/text.ts";
import { type DockerConnection, onHost } from "./connections.ts";

export interface AgentData {
  readonly agent: string;
  readonly host: string;
  readonly volume: string;
}

/** @throws OperatorError that names the host if its daemon does not respond */
export async function agentData(
  stack: string,
  connections: Iterable<readonly [string, DockerConnection]>,
  connectTo: typeof connect,
): Promise<AgentData[]> {
  const filters = JSON.stringify({ label: [`${LABELS.stack}=${stack}`, LABELS.agent] });
  const found = [...connections].map(async ([host, connection]) => {
    const list = () => connectTo(connection).listVolumes({ filters });
    const { Volumes } = await onHost(host, connection, list);
    return Volumes.flatMap(({ Name, Labels }): AgentData[] => {
      const agent = Labels[LABELS.agent];
      return agent === undefined ? [] : [{ agent, host, volume: Name }];
    });
  });
  return (await Promise.all(found)).flat().toSorted((a, b) => compare(a.agent, b.agent));
}
