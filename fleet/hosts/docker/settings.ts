import { z } from "zod";
import { addressSettings, machineSettings } from "../common-settings.ts";

export const dockerSettings = z
  .strictObject({
    kind: z.literal("docker"),
    address: z
      .string()
      .regex(/^(?:unix:\/\/\/\S+|tcp:\/\/\S+:\d+)$/, {
        error: "use `unix:///var/run/docker.sock` or `tcp://HOST:PORT`",
      })
      .default("unix:///var/run/docker.sock")
      .describe(
        "Where the daemon's API answers: a socket, or `tcp://HOST:PORT` on a network that you trust.",
      ),
    ...machineSettings,
    ...addressSettings,
  })
  .describe("A Docker daemon that already runs: this machine's, or one behind `tcp://`.");
