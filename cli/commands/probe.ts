import type { ProbedHost } from "../../operations/probe.ts";
import { table } from "../../report/table.ts";
import { chooseEngine } from "../../workspace/choose.ts";
import { openProject } from "../../workspace/project.ts";
import { lazy } from "../lazy.ts";
import { engineCommand, type StackOptions } from "../stack-command.ts";
import { terminal } from "../terminal.ts";

export const renderProbe = (hosts: readonly ProbedHost[]): string =>
  table([
    ["HOST", "DOCKER", "STATE"],
    ...hosts.map(({ name, address, problem }) => [
      name,
      address,
      problem === undefined ? "responds" : `does not respond: ${problem}`,
    ]),
  ]);

export const probe = engineCommand("probe", "check whether the Docker daemon of every host responds").action(
  lazy(
    () => import("../../operations/probe.ts"),
    async (operation, { stack, engine }: StackOptions) => {
      const project = openProject(stack);
      const openEngine = () => chooseEngine(project, engine, terminal);
      const hosts = await operation.probe(project, { openEngine });
      terminal.print(renderProbe(hosts));
      const silent = hosts.filter(({ problem }) => problem !== undefined).map(({ name }) => name);
      if (silent.length > 0) terminal.log(`No response from ${silent.join(", ")}.`);
      return silent.length === 0;
    },
  ),
);
