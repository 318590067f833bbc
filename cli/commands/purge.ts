import { OperatorError } from "../../system/operator-error.ts";
import { lazy } from "../lazy.ts";
import { confirmUnless } from "../prompts.ts";
import { engineCommand, open, type StackOptions } from "../stack-command.ts";
import { terminal } from "../terminal.ts";

interface PurgeOptions extends StackOptions {
  readonly yes: boolean;
  readonly left: boolean;
}

export const purge = engineCommand("purge", "delete the data of agents that were removed from the fleet")
  .argument("[agents...]")
  .option("--left", "of every agent that has data and no entry", false)
  .option("--yes", "do not ask for confirmation", false)
  .action(
    lazy(
      () => import("../../operations/purge.ts"),
      async (operation, agents: readonly string[], options: PurgeOptions) => {
        if (options.left === agents.length > 0) {
          throw new OperatorError("Name the agents, or pass --left: npm run purge -- AGENT");
        }
        const { project, engine } = await open(options);
        const confirm = confirmUnless(options.yes);
        await operation.purge(project, options.left ? "left" : agents, {
          engine,
          confirm,
          print: terminal.print,
        });
        return true;
      },
    ),
  );
