/** `docs/benchmarks.md`: the last complete run. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Machine } from "./machine.ts";
import { HEADINGS, type Row, renderRow } from "./row.ts";
import { ROOT } from "./workspace.ts";

const line = (columns: readonly string[]): string => `| ${columns.join(" | ")} |`;

export function writeReport(machine: Machine, loads: readonly number[], rows: readonly Row[]): string {
  const file = join(ROOT, "docs/benchmarks.md");
  const cli = machine.pulumi === undefined ? "no Pulumi CLI" : `Pulumi CLI ${machine.pulumi}`;
  writeFileSync(
    file,
    `# Benchmarks

Written by \`npm run bench -- --write\` on ${machine.date}: ${machine.cores} cores, Docker ${machine.docker}, Node ${machine.node}, ${cli}.
Load average before and after each benchmark: ${loads.map((each) => each.toFixed(1)).join(", ")}; the benchmarks themselves are part of it.

Each time is the median of several rounds with the fastest and the slowest in parentheses. The contenders take turns within a
round, so that what else the machine does hits all of them; trust the ratios more than the seconds. A time is that of a whole
process, from its start to its end.

${[HEADINGS, HEADINGS.map(() => "---"), ...rows.map(renderRow)].map(line).join("\n")}

- **Cells** are hardened containers that sleep, each with an internal network and a volume of its own. The floor is the
  \`docker\` command with the same flags; a check makes sure that all contenders have created the same containers.
- **Gateways** are real ones from the fleet program, with the ingress and the egress proxy. Their floor is the same containers,
  without these host services, started all at once through Docker's API and asked directly until each reports that it has started.
- **Resources** are stashes and random bytes, which cost their provider nothing; what a run with none of them takes is taken off
  before the ratio.
- A target that is missed fails nothing.
`,
  );
  return file;
}
