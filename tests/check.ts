/** `npm run check`: formatting, lint with the layer rule, and types; nothing is changed. */
import { spawnSync } from "node:child_process";

const CHECKS = [
  ["biome", "ci", "."],
  ["tsc", "--noEmit"],
] as const;

/** True where all of them pass. */
export function check(): boolean {
  return CHECKS.map(([command, ...args]) => {
    console.log(`> ${command} ${args.join(" ")}`);
    return spawnSync(command, args, { stdio: "inherit" }).status === 0;
  }).every(Boolean);
}

if (process.argv[1] === import.meta.filename && !check()) process.exitCode = 1;
