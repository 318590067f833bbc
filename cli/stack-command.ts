/** What the commands have in common: how their help reads, and the stack that they work on. */
import { Command, Option } from "commander";
import { LOCAL_STACK } from "../fleet/commands.ts";
import { chooseEngine } from "../workspace/choose.ts";
import { ENGINES, type EngineName, type StackEngine } from "../workspace/engine.ts";
import { openProject, type Project } from "../workspace/project.ts";
import { confirmUnless } from "./prompts.ts";
import { showFor, terminal } from "./terminal.ts";

export interface StackOptions {
  readonly stack?: string;
  readonly engine?: EngineName;
}

/** As npm takes them: everything after `--` is for the command. */
function usageOf(command: Command): string {
  if (command.parent === null) return `${command.name()} <command> -- [options]`;
  const names = command.registeredArguments.map((argument) =>
    argument.required ? `<${argument.name()}>` : `[${argument.name()}]`,
  );
  return [command.parent.name(), command.name(), "--", "[options]", ...names].join(" ");
}

export const plainCommand = (name: string, description: string): Command =>
  new Command(name).description(description).configureHelp({ commandUsage: usageOf }).showHelpAfterError();

/** A command about a stack that needs no engine. */
export const stackCommand = (name: string, description: string): Command =>
  plainCommand(name, description)
    .option("--stack <name>", `the stack (default: PULUMI_STACK, or ${LOCAL_STACK})`)
    .hook("preAction", (command) => showFor(command.opts<StackOptions>().stack));

export const engineCommand = (name: string, description: string): Command =>
  stackCommand(name, description).addOption(
    new Option("--engine <name>", "default: the Pulumi CLI if it is on PATH").choices(ENGINES),
  );

export async function open({
  stack,
  engine,
}: StackOptions): Promise<{ project: Project; engine: StackEngine }> {
  const project = openProject(stack);
  return { project, engine: await chooseEngine(project, engine, terminal) };
}

/**
 * Asks before a stack is changed that is not the operator's own machine.
 *
 * @param show what would change; shown only if there is somewhere to answer
 * @throws OperatorError unless the operator agrees
 */
export async function confirmChange(
  { stack }: Project,
  isAgreed: boolean,
  what: string,
  show: () => Promise<unknown> = () => Promise.resolve(),
): Promise<void> {
  if (stack === LOCAL_STACK || isAgreed) return;
  if (process.stdin.isTTY) await show();
  await confirmUnless(isAgreed)(`${what} stack ${stack}?`);
}
