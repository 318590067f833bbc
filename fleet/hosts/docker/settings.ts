import { z } from "zod";
import { addressSettings, machineSettings } from "../common-settings.ts";

const ADDRESSES = "use `unix:///var/run/docker.sock` or `tcp://HOST:PORT`";

export const dockerSettings = z
  .strictObject({
    kind: z.literal("docker"),
    address: z
      .string()
      .regex(/^(?:unix:\/\/\/\S+|tcp:\/\/\S+:\d+)$/, { error: ADDRESSES, abort: true })
      // A port or a host name that no URL can have.
      .refine((address) => URL.canParse(address), { error: ADDRESSES })
      .default("unix:///var/run/docker.sock")
      .describe(
        "Where the daemon's API answers: a socket, or `tcp://HOST:PORT` on a network that you trust.",
      ),
    ...machineSettings,
    ...addressSettings,
  })
  .describe("A Docker daemon that already runs: this machine's, or one behind `tcp://`.");
