/** `sizing`: the constants of the formula in `placement/sizing.ts`. */
import { z } from "zod";

export const sizing = z.strictObject({
  memoryOvercommit: z
    .number()
    .min(1)
    .max(4)
    .default(1.5)
    .describe("Memory limits of a host's agents together, as a multiple of its memory."),
  cpuOvercommit: z
    .number()
    .min(1)
    .max(64)
    .default(6.25)
    .describe("CPUs of a host's agents together, as a multiple of its own."),
  busyShare: z
    .number()
    .min(0)
    .max(1)
    .default(0.25)
    .describe("The share of a host's agents that may hold a turn at the same time, 0 to 1."),
  reserveShare: z
    .number()
    .min(0)
    .max(0.9)
    .default(0.25)
    .describe("The share of a host's memory that is not given to agents, 0 to 0.9."),
  reserveMb: z.int().min(0).default(1024).describe("At least this much memory is not given to agents, MiB."),
  reserveDiskGb: z
    .number()
    .min(0)
    .default(10)
    .describe("Disk that is not given to agents where they share it with the system, GB."),
});

export type Sizing = z.infer<typeof sizing>;

export const footprint = z.strictObject({
  minimumMb: z
    .int()
    .positive()
    .describe("The smallest memory limit under which the gateway holds a turn and a login, MiB."),
  idleMb: z.int().positive().describe("What an idle gateway holds, MiB."),
  turnMb: z
    .int()
    .positive()
    .optional()
    .describe("What a gateway holds at most in a turn, MiB. Default: `minimumMb`."),
});
