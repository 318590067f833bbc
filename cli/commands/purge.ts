import { lazy } from "../lazy.ts";
import { confirmUnless } from "../prompts.ts";
import { engineCommand, open, type StackOptions } from "../stack-command.ts";
import { terminal } from "../terminal.ts";

export const purge = engineCommand("purge", "delete the data of an agent that was removed from the fleet")
  .argument("<agent>")
  .option("--yes", "do not ask for confirmation", false)
  .action(
    lazy(
      () => import("../../operations/purge.ts"),
      async (operation, agent: string, options: StackOptions & { readonly yes: boolean }) => {
        const { project, engine } = await open(options);
        const confirm = confirmUnless(options.yes);
        await operation.purge(project, agent, { engine, confirm, print: terminal.print });
        return true;
      },
    ),
  );
