/** A `pulumi` on PATH that records how it is called, for tests of what is asked of the CLI rather than of what it does. */
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export interface PulumiCall {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/**
 * @param script JavaScript that runs for each call, with `args` and `emit(event)` for the event log
 * @returns the folder to put first on PATH, and the calls so far
 */
export function installFakePulumi(folder: string, script: string): { bin: string; calls(): PulumiCall[] } {
  const bin = join(folder, "fake-bin");
  const log = join(folder, "pulumi-calls");
  mkdirSync(bin, { recursive: true });
  // Older than 3.206: newer ones send their events to a server instead of writing them to a file.
  writeFileSync(
    join(bin, "pulumi"),
    `#!${process.execPath}
const { appendFileSync } = require("node:fs");
const args = process.argv.slice(2);
const env = Object.fromEntries(Object.entries(process.env).filter(([key]) => key.startsWith("PULUMI_")));
appendFileSync(${JSON.stringify(log)}, JSON.stringify({ args, env }) + "\\n");
const emit = (event) => appendFileSync(args[args.indexOf("--event-log") + 1], JSON.stringify(event) + "\\n");
if (args[0] === "version") console.log("v3.200.0");
else { ${script} }
`,
  );
  chmodSync(join(bin, "pulumi"), 0o755);
  const calls = (): PulumiCall[] =>
    existsSync(log)
      ? readFileSync(log, "utf8")
          .trim()
          .split("\n")
          .map((line) => JSON.parse(line))
      : [];
  return { bin, calls };
}
