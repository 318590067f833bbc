import { type ExecFileException, execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";

const execute = promisify(execFile);

/** More than any command here prints; past it the command is ended. */
const OUTPUT_LIMIT = 64 * 1024 * 1024;
const QUOTED_LINES = 12;

export interface RunOptions {
  readonly cwd?: string | undefined;
  /** Added to this process's environment. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** Milliseconds after which the command is ended, finished or not. */
  readonly timeout?: number | undefined;
  /** Milliseconds after which the command is ended unless it has printed something by then. */
  readonly firstLineWithin?: number | undefined;
}

type Failure = Omit<ExecFileException, "code"> & {
  readonly code?: string | number;
  readonly stdout: string;
  readonly stderr: string;
};

export const lastLines = (text: string): string => text.trim().split("\n").slice(-QUOTED_LINES).join("\n");

/**
 * Runs a command to its end and gives its trimmed standard output.
 *
 * @throws Error with the command's name and its last lines when it fails, is missing, or takes too long.
 */
export async function run(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<string> {
  const { cwd, env, timeout, firstLineWithin } = options;
  const running = execute(command, args, {
    cwd,
    env: { ...process.env, ...env },
    timeout,
    maxBuffer: OUTPUT_LIMIT,
  });
  const { child } = running;
  child.stdin?.end();
  const impatience =
    firstLineWithin === undefined ? undefined : setTimeout(() => child.kill(), firstLineWithin);
  child.stdout?.once("data", () => clearTimeout(impatience));
  try {
    return (await running).stdout.trim();
  } catch (error) {
    const { stdout, stderr, killed, code, message } = error as Failure;
    if (code === "ENOENT") throw new Error(`\`${command}\` is not on PATH: install it.`);
    const said = lastLines(`${stdout}\n${stderr}`) || message;
    throw new Error(
      `\`${[command, ...args.slice(0, 2)].join(" ")}\` ${killed ? "took too long" : "failed"}: ${said}`,
    );
  } finally {
    clearTimeout(impatience);
  }
}

export const onPath = (command: string): boolean =>
  (process.env["PATH"] ?? "").split(delimiter).some((folder) => existsSync(join(folder, command)));
