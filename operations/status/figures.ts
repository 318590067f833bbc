/** What a host's own kernel says of it, read in the container of one of its services: neither file is per container. */
import { SERVICE_DIRECTORY } from "../../fleet/services/service.ts";
import type { HostStatus } from "../../report/status/status.ts";

export type Figures = Pick<HostStatus, "memory" | "swap" | "memoryPressure" | "disk">;

/** Understood by BusyBox too. The service's volume is where Docker's volumes are. */
export const FIGURES_COMMAND: readonly string[] = [
  "sh",
  "-c",
  `cat /proc/meminfo; cat /proc/pressure/memory 2>/dev/null; df -Pk ${SERVICE_DIRECTORY}`,
];

const KIB = 1024;

/** @param output of `FIGURES_COMMAND` */
export function parseFigures(output: string): Figures {
  const found = (pattern: RegExp): number | null => {
    const [, digits] = pattern.exec(output) ?? [];
    return digits === undefined ? null : Number(digits);
  };
  const kib = (pattern: RegExp): number | null => {
    const count = found(pattern);
    return count === null ? null : count * KIB;
  };
  const total = kib(/^SwapTotal: +(\d+) kB$/m);
  const free = kib(/^SwapFree: +(\d+) kB$/m);
  const row = ` ${SERVICE_DIRECTORY}$`;
  return {
    memory: { total: kib(/^MemTotal: +(\d+) kB$/m), available: kib(/^MemAvailable: +(\d+) kB$/m) },
    swap: { total, used: total === null || free === null ? null : total - free },
    memoryPressure: { some: found(/^some avg10=([\d.]+)/m), full: found(/^full avg10=([\d.]+)/m) },
    disk: {
      total: kib(new RegExp(`^\\S+ +(\\d+) +\\d+ +\\d+ +\\d+%${row}`, "m")),
      available: kib(new RegExp(`^\\S+ +\\d+ +\\d+ +(\\d+) +\\d+%${row}`, "m")),
    },
  };
}
