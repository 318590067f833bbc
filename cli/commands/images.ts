import { openProject } from "../../workspace/project.ts";
import { lazy } from "../lazy.ts";
import { type StackOptions, stackCommand } from "../stack-command.ts";
import { terminal } from "../terminal.ts";

const load = async () => ({
  ...(await import("../../operations/fleet-config.ts")),
  ...(await import("../../operations/prepare-hosts.ts")),
});

export const images = stackCommand(
  "images",
  "pull the images on every host, or build them from packages",
).action(
  lazy(load, async ({ prepareHosts, readFleet }, { stack }: StackOptions) => {
    await prepareHosts(readFleet(openProject(stack)), terminal.log);
    return true;
  }),
);
