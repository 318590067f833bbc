/** Starts the unmodified program in a process of its own, the way Pulumi's language host does. */
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { ProgramInfo } from "./wire/resource-monitor.ts";

const require = createRequire(import.meta.url);
const RUNNER = join(dirname(require.resolve("@pulumi/pulumi/package.json")), "cmd", "run");

/** The runner's exit code for a program whose error has already been logged. */
const ALREADY_LOGGED = 32;

export interface ProgramResult {
  readonly succeeded: boolean;
  /** Set if the program could not log its error itself. */
  readonly error?: string;
}

export interface RunningProgram {
  readonly result: Promise<ProgramResult>;
  stop(): void;
}

/**
 * @param address of the engine's services
 * @param folder with `Pulumi.yaml`
 */
export function startProgram(
  info: ProgramInfo,
  address: string,
  folder: string,
  onOutput: (text: string) => void,
): RunningProgram {
  const child = spawn(
    process.execPath,
    [
      `--import=${import.meta.resolve("./program-start.mjs")}`,
      RUNNER,
      `--monitor=${address}`,
      `--engine=${address}`,
      `--project=${info.project}`,
      `--stack=${info.stack}`,
      `--organization=${info.organization}`,
      `--root-directory=${folder}`,
      `--pwd=${folder}`,
      `--parallel=${info.parallel}`,
      ...(info.dryRun ? ["--dry-run"] : []),
      ".",
    ],
    {
      cwd: folder,
      // In a process group of its own: Ctrl-C in a terminal would end it in the middle of an operation.
      detached: true,
      stdio: ["ignore", "pipe", "pipe", "ipc"],
      env: {
        ...process.env,
        PULUMI_NODEJS_PROJECT: info.project,
        PULUMI_NODEJS_STACK: info.stack,
        PULUMI_CONFIG: JSON.stringify(info.config),
        PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(info.secretKeys),
      },
    },
  );
  let errors = "";
  child.stdout?.setEncoding("utf8").on("data", onOutput);
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    errors += text;
  });
  const result = new Promise<ProgramResult>((resolve) => {
    child.on("error", (error) => resolve({ succeeded: false, error: error.message }));
    child.on("close", (code) => {
      if (code === 0) resolve({ succeeded: true });
      else if (code === ALREADY_LOGGED) resolve({ succeeded: false });
      else resolve({ succeeded: false, error: errors.trim() || `the program exited with code ${code}` });
    });
  });
  return { result, stop: () => child.kill() };
}
