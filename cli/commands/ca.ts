import { chooseEngine } from "../../workspace/choose.ts";
import { openProject } from "../../workspace/project.ts";
import { lazy } from "../lazy.ts";
import { engineCommand, type StackOptions } from "../stack-command.ts";
import { terminal } from "../terminal.ts";

export const ca = engineCommand("ca", "print the root certificate of the ingress's internal CA")
  .option("--host <name>", "the host (default: the first)")
  .action(
    lazy(
      () => import("../../operations/ca.ts"),
      async ({ certificateOf }, { stack, engine, host }: StackOptions & { readonly host?: string }) => {
        const project = openProject(stack);
        const certificate = await certificateOf(project, host, () => chooseEngine(project, engine, terminal));
        terminal.print(certificate.trimEnd());
        return true;
      },
    ),
  );
