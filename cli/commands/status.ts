import { setTimeout as sleep } from "node:timers/promises";
import type { FleetStatus } from "../../report/status/status.ts";
import { renderStatus } from "../../report/status/text.ts";
import { OperatorError } from "../../system/operator-error.ts";
import type { Log } from "../../system/terminal.ts";
import { openProject } from "../../workspace/project.ts";
import { lazy } from "../lazy.ts";
import { type StackOptions, stackCommand } from "../stack-command.ts";
import { terminal } from "../terminal.ts";

const REDRAW_MS = 5_000;

const HOME = "\u001b[H";
const CLEAR_LINE = "\u001b[K";
const CLEAR_BELOW = "\u001b[J";

interface StatusOptions extends StackOptions {
  readonly json: boolean;
  readonly all: boolean;
  readonly watch: boolean;
  readonly state?: string;
}

/** @throws OperatorError where there is nothing to redraw */
export function requireScreen(json: boolean, isTerminal: boolean): void {
  if (json) throw new OperatorError("--watch redraws text: leave out --json.");
  if (!isTerminal) {
    throw new OperatorError(
      "--watch needs a terminal: leave it out where the output goes to a file or a pipe.",
    );
  }
}

/** Over what is on the screen, line by line, because a screen that is cleared first flickers; and no more than fits on it. */
export function redraw(text: string, { columns, rows }: { columns: number; rows: number }): string {
  const lines = text.split("\n").slice(0, rows - 1);
  return `${HOME}${lines.map((line) => `${line.slice(0, columns)}${CLEAR_LINE}`).join("\n")}\n${CLEAR_BELOW}`;
}

/** Until the process is interrupted. */
async function watch(take: (log: Log) => Promise<FleetStatus>, isAll: boolean): Promise<never> {
  process.stdout.write(`${HOME}${CLEAR_BELOW}`);
  for (;;) {
    const notes: string[] = [];
    const text = renderStatus(await take((line) => notes.push(line)), isAll);
    process.stdout.write(
      redraw([text, "", ...notes, "Every 5 s; Ctrl-C ends it."].join("\n"), process.stdout),
    );
    await sleep(REDRAW_MS);
  }
}

export const status = stackCommand("status", "show the state of every agent and host")
  .option("--json", "print JSON", false)
  .option("--all", "show agents that are well too, however many there are", false)
  .option("--watch", "show it again every 5 s until interrupted", false)
  .option("--state <file>", "an export of the stack's state, where only the Pulumi CLI can read it")
  .action(
    lazy(
      () => import("../../operations/status/status.ts"),
      async ({ fleetStatus }, { stack, json, all, watch: isWatched, state }: StatusOptions) => {
        const project = openProject(stack);
        const take = (log: Log) => fleetStatus(project, { log, stateFile: state });
        if (isWatched) {
          requireScreen(json, process.stdout.isTTY);
          return watch(take, all);
        }
        const taken = await take(terminal.log);
        terminal.print(json ? JSON.stringify(taken, null, 2) : renderStatus(taken, all));
        return taken.well;
      },
    ),
  );
