import { execFileSync } from "node:child_process";
import { expect, it } from "vitest";
import { FIGURES_COMMAND, parseFigures } from "../../../operations/status/figures.ts";

const OUTPUT = `MemTotal:        1024 kB
MemFree:          100 kB
MemAvailable:     512 kB
SwapTotal:        200 kB
SwapFree:         150 kB
some avg10=1.50 avg60=0.10 avg300=0.00 total=1
full avg10=0.25 avg60=0.10 avg300=0.00 total=1
Filesystem     1024-blocks     Used Available Capacity Mounted on
/dev/sda1             4000     1000      2000      34% /service
`;

it("a host's figures are in bytes, and percent", () => {
  expect(parseFigures(OUTPUT)).toEqual({
    memory: { total: 1024 * 1024, available: 512 * 1024 },
    swap: { total: 200 * 1024, used: 50 * 1024 },
    memoryPressure: { some: 1.5, full: 0.25 },
    disk: { total: 4000 * 1024, available: 2000 * 1024 },
  });
});

it("what a host does not say is not known", () => {
  const nothing = { total: null, available: null };
  expect(parseFigures("MemTotal: 1024 kB\n")).toEqual({
    memory: { total: 1024 * 1024, available: null },
    swap: { total: null, used: null },
    memoryPressure: { some: null, full: null },
    disk: nothing,
  });
});

it("a kernel's own files have this form", () => {
  const [shell = "", ...rest] = FIGURES_COMMAND;
  const script = rest.map((part) => part.replace("/service", "/"));
  const output = execFileSync(shell, script).toString().replace(/ \/$/m, " /service");
  const { memory, disk } = parseFigures(output);
  for (const { total, available } of [memory, disk]) expect(available ?? 0).toBeLessThanOrEqual(total ?? -1);
});
