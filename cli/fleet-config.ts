/** The fleet as its stack file says it, checked before anything is touched. */
import { parseFleet } from "../fleet/parse.ts";
import type { DockerHost, Fleet } from "../fleet/schema.ts";
import type { Project } from "./project.ts";
import { readStackFile } from "./stack-file.ts";

/** @throws FleetError with every problem at once. */
export const readFleet = (project: Project): Fleet =>
  parseFleet(readStackFile(project.stackFile, project.name).config[`${project.name}:fleet`]);

/** The hosts that this machine can talk to: engines that run already. */
export const dockerHosts = ({ hosts }: Fleet): [string, DockerHost][] =>
  Object.entries(hosts).flatMap(([name, host]): [string, DockerHost][] =>
    host.kind === "docker" ? [[name, host]] : [],
  );
