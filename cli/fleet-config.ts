/** The fleet as its stack file says it, checked before anything is touched. */
import type Docker from "dockerode";
import { clientOf } from "../engine/providers/docker/client.ts";
import { type DockerEngine, engineOf } from "../fleet/engines.ts";
import { parseFleet } from "../fleet/parse.ts";
import type { Fleet } from "../fleet/schema.ts";
import type { Project } from "./project.ts";
import { readStackFile } from "./stack-file.ts";

/** @throws FleetError with every problem at once. */
export const readFleet = (project: Project): Fleet =>
  parseFleet(readStackFile(project.stackFile, project.name).config[`${project.name}:fleet`]);

/** By host: the engines that this machine can talk to, because they run already. */
export const enginesOf = ({ hosts }: Fleet): Map<string, DockerEngine> =>
  new Map(
    Object.entries(hosts).flatMap(([name, host]): [string, DockerEngine][] => {
      const engine = engineOf(host);
      return engine === undefined ? [] : [[name, engine]];
    }),
  );

export const dockerOf = ({ address, sshOptions }: DockerEngine): Docker =>
  clientOf({ host: address, sshOpts: [...sshOptions] });
