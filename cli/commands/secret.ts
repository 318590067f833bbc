import type { SecretNames } from "../../operations/secret.ts";
import { table } from "../../report/table.ts";
import { OperatorError } from "../../system/operator-error.ts";
import { openProject } from "../../workspace/project.ts";
import { lazy } from "../lazy.ts";
import { readHidden } from "../prompts.ts";
import { type StackOptions, stackCommand } from "../stack-command.ts";
import { terminal } from "../terminal.ts";

interface SecretOptions extends StackOptions {
  readonly remove: boolean;
  readonly list: boolean;
}

export function renderSecrets({ agents, own }: SecretNames): string {
  const rows = agents.map(({ agent, variable }) => [agent, variable]);
  return [
    rows.length === 0 ? "No agent has a secret." : table([["AGENT", "VARIABLE"], ...rows]),
    ...(own.length === 0 ? [] : ["", "The fleet's own:", ...own.map((key) => `  ${key}`)]),
  ].join("\n");
}

const load = () => import("../../operations/secret.ts");

async function change(
  { setSecret, unsetSecret }: Awaited<ReturnType<typeof load>>,
  [agent, variable]: readonly [string, string],
  { stack, remove }: SecretOptions,
): Promise<void> {
  const project = openProject(stack);
  if (remove) unsetSecret(project, agent, variable);
  else await setSecret(project, agent, variable, { readValue: readHidden, log: terminal.log });
  const done = remove ? `Removed ${variable} of ${agent} from` : `Encrypted ${variable} for ${agent} in`;
  terminal.print(`${done} ${project.stackFile}. Apply it with \`npm run up\`.`);
}

export const secret = stackCommand(
  "secret",
  "encrypt an agent's environment variable in the stack file, or remove it",
)
  .argument("[agent]")
  .argument("[variable]")
  .option("--remove", "remove the variable; the agent need not exist any more", false)
  .option("--list", "list the names of all secrets, without their values", false)
  .action(
    lazy(
      load,
      async (operation, agent: string | undefined, variable: string | undefined, options: SecretOptions) => {
        if (options.list) {
          if (agent !== undefined || options.remove)
            throw new OperatorError("--list takes no agent, and nothing else.");
          terminal.print(renderSecrets(operation.listSecrets(openProject(options.stack))));
          return true;
        }
        if (agent === undefined || variable === undefined) {
          throw new OperatorError(
            "Name the agent and the variable: npm run secret -- AGENT VARIABLE. Or list all: npm run secret -- --list",
          );
        }
        await change(operation, [agent, variable], options);
        return true;
      },
    ),
  );
