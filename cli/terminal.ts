import type { Terminal } from "../system/terminal.ts";

/** Results on standard output, everything else on standard error: results can be piped. */
export const terminal: Terminal = {
  print: (line) => process.stdout.write(`${line}\n`),
  log: (line) => process.stderr.write(`${line}\n`),
};
