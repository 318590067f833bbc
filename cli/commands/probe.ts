import type { ProbedHost } from "../../operations/probe.ts";
import { brokenServices, type ServiceState } from "../../operations/service-states.ts";
import { table } from "../../report/table.ts";
import { chooseEngine } from "../../workspace/choose.ts";
import { openProject } from "../../workspace/project.ts";
import { lazy } from "../lazy.ts";
import { engineCommand, type StackOptions } from "../stack-command.ts";
import { terminal } from "../terminal.ts";

const WORDS = { works: "works", missing: "is not deployed", fails: "fails" };

const describe = ({ state, reason }: ServiceState): string =>
  reason === "" ? WORDS[state] : `${WORDS[state]}: ${reason}`;

export const renderProbe = (hosts: readonly ProbedHost[]): string =>
  table([
    ["HOST", "WHAT", "STATE"],
    ...hosts.flatMap(({ name, address, problem, services }) => [
      [name, `Docker at ${address}`, problem === undefined ? "responds" : `does not respond: ${problem}`],
      ...services.map((service) => [name, service.service, describe(service)]),
    ]),
  ]);

interface ProbeOptions extends StackOptions {
  readonly daemons: boolean;
}

export const probe = engineCommand("probe", "check the Docker daemon and the services of every host")
  .option("--daemons", "check the Docker daemons only, as before a refresh", false)
  .action(
    lazy(
      () => import("../../operations/probe.ts"),
      async (operation, { stack, engine, daemons }: ProbeOptions) => {
        const project = openProject(stack);
        const openEngine = () => chooseEngine(project, engine, terminal);
        const hosts = await operation.probe(project, { openEngine, daemonsOnly: daemons });
        terminal.print(renderProbe(hosts));
        const silent = hosts.filter(({ problem }) => problem !== undefined).map(({ name }) => name);
        if (silent.length > 0) terminal.log(`No response from ${silent.join(", ")}.`);
        const broken = brokenServices(hosts.flatMap(({ services }) => services));
        return silent.length === 0 && broken.length === 0;
      },
    ),
  );
