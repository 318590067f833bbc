import { openProject } from "../../workspace/project.ts";
import { lazy } from "../lazy.ts";
import { readHidden } from "../prompts.ts";
import { type StackOptions, stackCommand } from "../stack-command.ts";
import { terminal } from "../terminal.ts";

export const secret = stackCommand("secret", "encrypt an agent's environment variable in the stack file")
  .argument("<agent>")
  .argument("<variable>")
  .action(
    lazy(
      () => import("../../operations/secret.ts"),
      async ({ setSecret }, agent: string, variable: string, options: StackOptions) => {
        const project = openProject(options.stack);
        await setSecret(project, agent, variable, { readValue: readHidden, log: terminal.log });
        terminal.print(
          `Encrypted ${variable} for ${agent} in ${project.stackFile}. Apply it with \`npm run up\`.`,
        );
        return true;
      },
    ),
  );
