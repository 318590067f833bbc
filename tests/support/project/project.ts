/** A copy of the program in a folder and with a stack of its own, run as by an operator. */
import { spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Crypter } from "pulumi-embedded-engine/state";
import { stringify } from "yaml";

const ROOT = join(import.meta.dirname, "../../..");
/** What a copy does without. The packages among it are found through `node_modules`. */
const LEFT_OUT = new Set([".git", "bench", "docker", "engine", "node_modules", "tests"]);

/** Tests that run a script in the copy have it here. */
const SCRIPTS = "tests/support";

export interface Result {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const PASSPHRASE = "test";

/** What a stack file contains encrypted, in addition to the fleet. */
export interface Sealed {
  readonly encryptionsalt: string;
  /** By full key. */
  readonly config: Readonly<Record<string, unknown>>;
}

/** As `pulumi config set --secret` would. @param secrets by full key, such as `agent-fleet:acmeDnsToken` */
export async function seal(secrets: Readonly<Record<string, string>>): Promise<Sealed> {
  const crypter = await Crypter.create(PASSPHRASE);
  const entries = Object.entries(secrets).map(([key, value]) => [key, { secure: crypter.encrypt(value) }]);
  return { encryptionsalt: crypter.salt, config: Object.fromEntries(entries) };
}

export interface TestProject {
  readonly folder: string;
  readonly stack: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Writes the stack file: `agent-fleet:fleet`, and what is encrypted. */
  configure(fleet: object, sealed?: Partial<Sealed>): void;
  /** `npm run COMMAND -- --stack STACK ARGS`. */
  run(command: string, ...args: readonly string[]): Promise<Result>;
  remove(): void;
}

/**
 * Ranges for tests that run in parallel, next to a fleet in use. Each number gives a stack its own.
 *
 * @param lane 0 to 50
 */
export const lane = (lane: number): { hosts: object; ingress: object; egressProxy: object } => ({
  hosts: {
    local: {
      kind: "docker",
      subnets: `10.97.${lane}.0/24`,
      ports: [`${21_000 + lane * 40}-${21_000 + lane * 40 + 29}`],
    },
  },
  ingress: { listen: ["127.0.0.1"], port: 23_000 + lane, loopbackClient: "192.0.2.1" },
  egressProxy: { port: 23_100 + lane },
});

/** Runs a command to its end. */
export function runCommand(
  command: string,
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<Result> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    child.on("error", reject);
    child.on("close", (code) => resolve({ code: code ?? 1, stdout, stderr }));
  });
}

export function createProject(stack: string): TestProject {
  const folder = mkdtempSync(join(tmpdir(), `agent-fleet-${stack}-`));
  const parts = readdirSync(ROOT).filter((name) => !LEFT_OUT.has(name));
  for (const part of [...parts, SCRIPTS]) cpSync(join(ROOT, part), join(folder, part), { recursive: true });
  symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
  const state = join(folder, "state");
  mkdirSync(state);
  const environment = {
    ...process.env,
    PULUMI_BACKEND_URL: `file://${state}`,
    PULUMI_CONFIG_PASSPHRASE: PASSPHRASE,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PATH: `${join(ROOT, "node_modules", ".bin")}:${process.env["PATH"]}`,
  };
  return {
    folder,
    stack,
    environment,
    configure: (fleet, { config = {}, ...sealed }: Partial<Sealed> = {}) =>
      writeFileSync(
        join(folder, `Pulumi.${stack}.yaml`),
        stringify({
          ...sealed,
          config: { "pulumi:disable-default-providers": ["*"], "agent-fleet:fleet": fleet, ...config },
        }),
      ),
    run: (command, ...args) =>
      runCommand(process.execPath, [join(folder, "cli/main.ts"), command, "--stack", stack, ...args], {
        cwd: folder,
        env: environment,
      }),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
