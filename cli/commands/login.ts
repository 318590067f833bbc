import { lazy } from "../lazy.ts";
import { engineCommand, open, type StackOptions } from "../stack-command.ts";
import { terminal } from "../terminal.ts";

export const login = engineCommand(
  "login",
  "print a one-time link that pairs a browser with an agent's Control UI",
)
  .argument("<agent>")
  .action(
    lazy(
      () => import("../../operations/login.ts"),
      async ({ createLoginLink }, agent: string, options: StackOptions) => {
        const { project, engine } = await open(options);
        const link = await createLoginLink(project, engine, agent);
        terminal.log(
          "This link pairs one browser and is valid for ten minutes. It gives full control of the agent.",
        );
        terminal.print(link);
        return true;
      },
    ),
  );
