/** Whether hosts are the Docker daemons that have the fleet: asked before images are built or copied. */
import { connect, ping } from "docker-connection";
import type { Fleet } from "../fleet/config/fleet.ts";
import { FleetError } from "../fleet/config/problem.ts";
import { describeOtherDaemon, isOtherDaemon } from "../fleet/docker/daemon.ts";
import { hasFileBackend, type Project } from "../workspace/project.ts";
import type { Connect } from "./connections.ts";
import { existingState } from "./plan-input.ts";

const TIMEOUT_MS = 5_000;

/**
 * The program refuses another daemon too, and also where the state cannot be read here, or a host is reached by SSH.
 *
 * @throws FleetError
 */
export async function requireKnownDaemons(
  project: Project,
  { hosts }: Fleet,
  connectTo: Connect = connect,
): Promise<void> {
  if (!hasFileBackend(project)) return;
  const { daemons } = existingState(project, undefined, () => {});
  const checked = [...hosts.values()].map(async ({ name, connection, daemon }) => {
    if (connection === undefined || connection.address.startsWith("ssh:")) return [];
    const host = { name, entry: name, daemon, connection, server: undefined };
    const docker = connectTo(connection);
    try {
      await ping(docker, TIMEOUT_MS);
      const found = { daemon: String((await docker.info()).ID) };
      return isOtherDaemon(host, found, daemons) ? [describeOtherDaemon(host, found, daemons)] : [];
    } catch {
      // One that does not answer is started, or named, by what comes next.
      return [];
    }
  });
  const problems = (await Promise.all(checked)).flat();
  if (problems.length > 0) throw new FleetError(problems);
}
