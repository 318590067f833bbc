import type { ChildProcess } from "node:child_process";
import spawn, { SubprocessError } from "nano-spawn";
import { OperatorError } from "./operator-error.ts";

const QUOTED_LINES = 12;

export interface RunOptions {
  readonly cwd?: string;
  /** Added to this process's environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Milliseconds after which the command is killed. */
  readonly timeout?: number | undefined;
  /** Milliseconds after which the command is killed unless it has printed something by then. */
  readonly firstLineWithin?: number | undefined;
  /** In a process group of its own, which the terminal's Ctrl-C does not reach: `endCommands` kills the whole group. */
  readonly apart?: boolean;
}

const apartNow = new Set<ChildProcess>();
let ended = false;

export const lastLines = (output: string): string =>
  output.split(/\n+/).filter(Boolean).slice(-QUOTED_LINES).join("\n");

/**
 * Runs a command to its end and returns its trimmed standard output.
 *
 * @throws OperatorError with the command's name and the last lines of its output if it fails, is missing, or takes too long
 */
export async function run(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<string> {
  const { apart = false } = options;
  if (apart && ended) throw new OperatorError(`\`${command}\` was not started: this process is ending.`);
  const abort = new AbortController();
  const timers = [options.timeout, options.firstLineWithin].map(
    (limit) => limit && setTimeout(() => abort.abort(), limit),
  );
  const subprocess = spawn(command, [...args], {
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.env === undefined ? {} : { env: options.env }),
    detached: apart,
    signal: abort.signal,
    stdin: "ignore",
  });
  const started = subprocess.nodeChildProcess.then((child) => {
    if (apart) apartNow.add(child);
    child.stdout?.once("data", () => clearTimeout(timers[1]));
    return child;
  });
  try {
    return (await subprocess).stdout.trim();
  } catch (error) {
    throw error instanceof SubprocessError ? explained(error, [command, ...args]) : error;
  } finally {
    for (const timer of timers) clearTimeout(timer);
    await started.then(
      (child) => apartNow.delete(child),
      () => undefined,
    );
  }
}

function explained(error: SubprocessError, [command, ...args]: readonly string[]): OperatorError {
  if (error.cause instanceof Error && "code" in error.cause && error.cause.code === "ENOENT") {
    return new OperatorError(`\`${command}\` is not on PATH: install it.`);
  }
  const outcome = error.isCanceled ? "took too long" : "failed";
  return new OperatorError(
    `\`${[command, ...args.slice(0, 2)].join(" ")}\` ${outcome}: ${lastLines(error.output)}`,
  );
}

/** Kills the commands that run apart, with their children, and starts no more: the code that awaits them can clean up at once. */
export function endCommands(): void {
  ended = true;
  for (const { pid } of apartNow) if (pid !== undefined) process.kill(-pid, "SIGKILL");
}
