import { InvalidArgumentError } from "commander";
import type { LogOptions } from "../../operations/logs.ts";
import { lazy } from "../lazy.ts";
import { engineCommand, open, type StackOptions } from "../stack-command.ts";
import { printVerbatim } from "../terminal.ts";

const DEFAULT_TAIL = 100;

function lineCount(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError("Not a number of lines.");
  return Number(text);
}

export const logs = engineCommand("logs", "follow an agent's log, secrets redacted")
  .argument("<agent>")
  .option("--tail <lines>", "start with that many earlier lines", lineCount, DEFAULT_TAIL)
  .option("--no-follow", "stop after them")
  .action(
    lazy(
      () => import("../../operations/logs.ts"),
      async ({ showLogs }, agent: string, options: StackOptions & LogOptions) => {
        const { project, engine } = await open(options);
        await showLogs(project, engine, agent, options, printVerbatim);
        return true;
      },
    ),
  );
