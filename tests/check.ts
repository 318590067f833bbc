/** `npm run check`: format, lint, types, workflows, import cycles, folder boundaries and dead code; nothing is changed. */
import { spawnSync } from "node:child_process";

const CHECKS = [
  ["biome", "ci", "."],
  ["tsc", "--noEmit"],
  // What is generated from the schemas: settings that have changed without `npm run schema`.
  ["node", "schema/generate.ts", "--check"],
  ["node", "tests/actionlint.ts"],
  ["depcruise", "."],
  ["knip", "--no-progress"],
  // Without tests and benchmarks: what only they use is dead. A type may be exported for a test alone.
  ["knip", "--no-progress", "--production", "--exclude", "types"],
] as const;

/** True where all of them pass. */
export function check(): boolean {
  return CHECKS.map(([command, ...args]) => {
    console.log(`> ${command} ${args.join(" ")}`);
    return spawnSync(command, args, { stdio: "inherit" }).status === 0;
  }).every(Boolean);
}

if (process.argv[1] === import.meta.filename && !check()) process.exitCode = 1;
