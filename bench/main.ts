/** `npm run bench`: measures what the engine promises. Nothing here fails a build; it prints the promises next to the measurements. */
import { parseArgs } from "node:util";
import { table } from "../report/table.ts";
import { cells } from "./suites/cells.ts";
import { gateways } from "./suites/gateways.ts";
import { idle } from "./suites/idle.ts";
import { planning } from "./suites/planning.ts";
import { preview } from "./suites/preview.ts";
import { scaling } from "./suites/scaling.ts";
import { describeMachine, load } from "./support/machine.ts";
import { sweep } from "./support/raw-docker.ts";
import { writeReport } from "./support/report.ts";
import { HEADINGS, type Row, renderRow } from "./support/row.ts";
import type { Settings } from "./support/suite.ts";

const SUITES = [planning, cells, scaling, preview, gateways, idle];

const USAGE = `npm run bench -- [--only NAME] [--write] [--repetitions 3] [--cells 20] [--gateways 3]

${SUITES.map(({ name, about }) => `  ${name.padEnd(10)}${about}`).join("\n")}

  --write puts the result into docs/benchmarks.md; it takes a complete run.`;

const { values } = parseArgs({
  options: {
    only: { type: "string" },
    write: { type: "boolean", default: false },
    repetitions: { type: "string", default: "3" },
    cells: { type: "string", default: "20" },
    gateways: { type: "string", default: "3" },
    help: { type: "boolean", default: false },
  },
});
const log = (line: string): void => void process.stderr.write(`${line}\n`);
const settings: Settings = {
  repetitions: Number(values.repetitions),
  cells: Number(values.cells),
  gateways: Number(values.gateways),
  log,
};

/** Removes what an interrupted run has left: its networks would block the next run's. */
async function sweepAll(): Promise<void> {
  for (const stack of SUITES.flatMap(({ stacks }) => stacks)) await sweep(stack);
}

// A terminal interrupts the contenders as well: the benchmark fails then, and removes what it has created before it ends.
process.once("SIGINT", () => log("Interrupted: removing what the benchmarks have created."));

async function main(): Promise<void> {
  const chosen = SUITES.filter(({ name }) => values.only === undefined || name === values.only);
  if (values.help || chosen.length === 0) return log(USAGE);
  if (values.write && chosen.length < SUITES.length)
    throw new Error("--write takes a complete run: leave out --only");
  await sweepAll();
  const machine = await describeMachine();
  const rows: Row[] = [];
  const loads = [load()];
  for (const suite of chosen) {
    rows.push(...(await suite.run(settings)));
    loads.push(load());
  }
  process.stdout.write(`${table([HEADINGS, ...rows.map(renderRow)])}\n`);
  log(`Load, before and after each benchmark: ${loads.map((each) => each.toFixed(1)).join(", ")}`);
  if (values.write) log(`Written: ${writeReport(machine, loads, rows)}`);
}

await main();
