import { lazy } from "../lazy.ts";
import { confirmChange, engineCommand, open, type StackOptions } from "../stack-command.ts";
import { terminal } from "../terminal.ts";

export const destroy = engineCommand("destroy", "remove everything except the agents' data")
  .option("--yes", "do not ask for confirmation", false)
  .action(
    lazy(
      () => import("../../operations/destroy.ts"),
      async (operation, options: StackOptions & { readonly yes: boolean }) => {
        const { project, engine } = await open(options);
        await confirmChange(project, options.yes, "Remove every agent of");
        const { succeeded, kept } = await operation.destroy(project, engine);
        if (kept.length > 0) terminal.print("Everything was removed except the agents' data:");
        for (const line of kept) terminal.print(`  ${line}`);
        if (kept.length > 1) terminal.print("Of all agents without an entry: npm run purge -- --left");
        return succeeded;
      },
    ),
  );
