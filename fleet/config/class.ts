/** `classes.<name>`: what one kind of agent may use of its host. */
import { z } from "zod";

export const resourceClass = z.strictObject({
  memoryMb: z
    .int()
    .min(64)
    .describe(
      "Hard memory limit, MiB. Swap is capped to the same, so it is not exceeded on disk either. The gateway's heap gets three quarters of it.",
    ),
  reservationMb: z
    .int()
    .min(32)
    .optional()
    .describe(
      "Memory that a host sets aside, MiB. Default: what the image's gateway was measured to hold when idle, and `sizing.busyShare` of what a turn adds.",
    ),
  cpus: z
    .number()
    .min(0.25)
    .max(256)
    .multipleOf(0.25, { error: "give CPUs in quarters, such as 0.5 or 1.25" })
    .describe("CPUs, in quarters."),
  pids: z.int().min(32).max(32_768).default(512).describe("Processes and threads together."),
  diskGb: z
    .number()
    .min(0.5)
    .default(2)
    .describe("Disk that a host sets aside for the agent's data, GB. Docker does not enforce it."),
});

export const DEFAULT_CLASSES = {
  light: { memoryMb: 1792, cpus: 1 },
  standard: { memoryMb: 2048, cpus: 2 },
  heavy: { memoryMb: 4096, cpus: 4, pids: 1024, diskGb: 5 },
};

export type ResourceClass = z.infer<typeof resourceClass>;
