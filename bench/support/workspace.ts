/**
 * A folder in which the benchmarks' programs run: a run writes stack files next to its program, and these must not end up in
 * the repository.
 */
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseDocument } from "yaml";
import { run } from "../../system/run.ts";

export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** What the programs import. */
const SHARED = ["node_modules", "components", "fleet", "openclaw"];

export type ProgramName = "cells" | "components" | "values";

export interface Program {
  readonly stack: string;
  /** Sets how many cells or resources the program asks for. */
  resize(count: number): void;
  /** An operation of the embedded engine, in a process of its own. */
  embedded(operation: "up" | "preview" | "destroy"): Promise<string>;
  pulumi(...args: readonly string[]): Promise<string>;
  /** Forgets the stack's resources, after they were removed by other means. */
  forget(): void;
}

export class Workspace {
  readonly #folder = mkdtempSync(join(tmpdir(), "agent-fleet-bench-"));
  readonly environment: Readonly<Record<string, string>>;

  constructor() {
    process.once("exit", () => this.remove());
    const state = join(this.#folder, "state");
    mkdirSync(state);
    cpSync(join(ROOT, "bench/programs"), join(this.#folder, "bench/programs"), { recursive: true });
    for (const part of SHARED) symlinkSync(join(ROOT, part), join(this.#folder, part));
    this.environment = {
      PULUMI_BACKEND_URL: `file://${state}`,
      PULUMI_CONFIG_PASSPHRASE: "bench",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_IGNORE_AMBIENT_PLUGINS: "true",
    };
  }

  program(name: ProgramName, stack: string): Program {
    const folder = join(this.#folder, "bench/programs", name);
    const file = join(folder, `Pulumi.${stack}.yaml`);
    const env = this.environment;
    return {
      stack,
      resize(count) {
        const document = parseDocument(existsSync(file) ? readFileSync(file, "utf8") : "");
        document.setIn(["config", "pulumi:disable-default-providers"], ["*"]);
        document.setIn(["config", `bench-${name}:count`], count);
        writeFileSync(file, document.toString());
      },
      embedded: (operation) =>
        // Started like `npm run`, so that start-up costs what it costs an operator.
        run(
          process.execPath,
          [join(ROOT, "system/bootstrap.mjs"), join(ROOT, "bench/embedded.ts"), operation, folder, stack],
          { env },
        ),
      pulumi: (...args) =>
        run("pulumi", [...args, "--stack", stack, "--non-interactive"], { cwd: folder, env }),
      forget: () => {
        for (const suffix of ["", ".bak", ".attrs"]) {
          const saved = join(this.#folder, "state/.pulumi/stacks", `bench-${name}`, `${stack}.json${suffix}`);
          rmSync(saved, { force: true });
        }
      },
    };
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
