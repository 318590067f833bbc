import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { text } from "node:stream/consumers";

const QUOTED_LINES = 12;

export interface RunOptions {
  readonly cwd?: string | undefined;
  /** Added to this process's environment. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** Milliseconds after which the command is ended, finished or not. */
  readonly timeout?: number | undefined;
  /** Milliseconds after which the command is ended unless it has printed something by then. */
  readonly firstLineWithin?: number | undefined;
  /** Shields the command and its children from the terminal's Ctrl-C: `endCommands` ends them together. */
  readonly apart?: boolean | undefined;
}

const apartNow = new Set<ChildProcess>();
let ended = false;

export const lastLines = (output: string): string =>
  output.split(/\n+/).filter(Boolean).slice(-QUOTED_LINES).join("\n");

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
  const { cwd, env, timeout, firstLineWithin, apart = false } = options;
  if (apart && ended) throw new Error(`\`${command}\` was not started: this process is ending.`);
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, ...env },
    timeout,
    detached: apart,
    stdio: ["ignore", "pipe", "pipe"],
  });
  if (apart) apartNow.add(child);
  const impatience = firstLineWithin && setTimeout(() => child.kill(), firstLineWithin);
  child.stdout.once("data", () => clearTimeout(impatience));
  try {
    const output = Promise.all([text(child.stdout), text(child.stderr)]);
    const [code] = (await once(child, "close")) as [number | null];
    const [stdout, stderr] = await output;
    if (code === 0) return stdout.trim();
    const outcome = child.killed ? "took too long" : "failed";
    throw new Error(
      `\`${[command, ...args.slice(0, 2)].join(" ")}\` ${outcome}: ${lastLines(`${stdout}\n${stderr}`)}`,
    );
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    throw new Error(`\`${command}\` is not on PATH: install it.`);
  } finally {
    clearTimeout(impatience);
    apartNow.delete(child);
  }
}

/** Kills the commands that run apart, with their children, and starts no more: what waits for them can clean up at once. */
export function endCommands(): void {
  ended = true;
  for (const { pid } of apartNow) if (pid !== undefined) process.kill(-pid, "SIGKILL");
}

export const onPath = (command: string): boolean =>
  (process.env["PATH"] ?? "").split(delimiter).some((folder) => existsSync(join(folder, command)));
