import { forStack, withStack } from "../fleet/commands.ts";
import type { Terminal } from "../system/terminal.ts";
import { stackOf } from "../workspace/project.ts";

let stack: string | undefined;

/** From now on, commands in what is shown are for the stack that this option names. */
export function showFor(named: string | undefined): void {
  stack = stackOf(named);
}

/** A text as it is shown. The option may be left out only where no environment turns the command to another stack. */
export function shown(text: string): string {
  if (stack === undefined) return text;
  return process.env["PULUMI_STACK"] ? withStack(text, stack) : forStack(text, stack);
}

/** Results on standard output, everything else on standard error: results can be piped. */
export const terminal: Terminal = {
  print: (line) => process.stdout.write(`${shown(line)}\n`),
  log: (line) => process.stderr.write(`${shown(line)}\n`),
};

/** Text that this program did not write, such as a log. */
export const printVerbatim: Terminal["print"] = (line) => process.stdout.write(`${line}\n`);
