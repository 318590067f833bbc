import { DaemonNotFoundError, findDaemon } from "docker-connection";
import type { MachineDaemon } from "../fleet/config/machine-daemon.ts";

/** The Docker daemon that Docker's own tools use on this machine, or why there is none. */
export function machineDaemon(find: typeof findDaemon = findDaemon): MachineDaemon {
  try {
    return find();
  } catch (error) {
    if (!(error instanceof DaemonNotFoundError)) throw error;
    return { problem: error.message };
  }
}
