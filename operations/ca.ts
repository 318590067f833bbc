import { connect, readFile } from "docker-connection";
import { hostObject } from "../fleet/names.ts";
import { AUTHORITY_FILE } from "../fleet/services/ingress/caddy.ts";
import { ingress } from "../fleet/services/ingress/service.ts";
import { OperatorError } from "../system/operator-error.ts";
import type { StackEngine } from "../workspace/engine.ts";
import type { Project } from "../workspace/project.ts";
import { type Connect, connectionsOf, type DockerConnection, onHost } from "./connections.ts";
import { hasCloudServers, readFleet } from "./fleet-config.ts";

/** The root certificate of the CA inside a host's ingress, PEM. */
export async function readRootCertificate(
  stack: string,
  connection: DockerConnection,
  connectTo: Connect = connect,
): Promise<string> {
  const container = connectTo(connection).getContainer(hostObject(stack, ingress.name));
  const certificate = await readFile(container, AUTHORITY_FILE);
  if (certificate === undefined) throw new OperatorError("The ingress has no internal CA yet.");
  return certificate;
}

/** @param host default: the first */
export async function certificateOf(
  project: Project,
  host: string | undefined,
  openEngine: () => Promise<StackEngine>,
): Promise<string> {
  const fleet = readFleet(project);
  const outputs = hasCloudServers(fleet) ? await (await openEngine()).outputs() : undefined;
  const connections = connectionsOf(fleet, outputs?.fleet);
  const name = host ?? [...connections.keys()][0];
  const connection = connections.get(name ?? "");
  if (name === undefined || connection === undefined) {
    const known = [...connections.keys()].join(", ") || "none";
    throw new OperatorError(
      name === undefined
        ? "The fleet has no host yet. Deploy it first: npm run up"
        : `There is no host "${name}". Known: ${known}.`,
    );
  }
  return onHost(name, connection, () => readRootCertificate(project.stack, connection));
}
