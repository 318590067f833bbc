import { connect, NOT_FOUND, unlessStatus } from "docker-connection";
import type { OwnObject } from "../../fleet/docker/adoption.ts";
import { agentObject, LABELS } from "../../fleet/names.ts";
import { TOKEN_VARIABLE } from "../../openclaw/contract.ts";
import { type Connect, type DockerConnection, onHost } from "../connections.ts";

/** The value of a variable in a container's environment. */
export const variableIn = (environment: readonly string[] | undefined, name: string): string | undefined =>
  environment?.find((each) => each.startsWith(`${name}=`))?.slice(name.length + 1);

/** As the state would have it: 16 bytes. */
const isToken = (text: string | undefined): text is string =>
  text !== undefined && /^[0-9a-f]{32}$/.test(text);

/** By agent: the token that its gateway was started with. An agent without a container, or without a valid token, is absent. */
export async function gatewayTokens(
  objects: readonly OwnObject[],
  connections: ReadonlyMap<string, DockerConnection>,
  stack: string,
  connectTo: Connect = connect,
): Promise<ReadonlyMap<string, string>> {
  const tokens = objects.map(async ({ host, kind, object }): Promise<readonly [string, string][]> => {
    const { [LABELS.agent]: agent } = object.labels;
    const connection = connections.get(host);
    if (kind !== "container" || agent === undefined || connection === undefined) return [];
    if (object.name !== agentObject(stack, agent)) return [];
    const target = connectTo(connection).getContainer(object.id);
    const found = await onHost(host, connection, () => unlessStatus([NOT_FOUND], () => target.inspect()));
    const token = variableIn(found?.Config.Env, TOKEN_VARIABLE);
    return isToken(token) ? [[agent, token]] : [];
  });
  return new Map((await Promise.all(tokens)).flat());
}
