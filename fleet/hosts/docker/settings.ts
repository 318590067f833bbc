import { z } from "zod";
import { folder } from "../../config/primitives.ts";
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
      .optional()
      .describe(
        "Where the daemon's API answers: a socket, or `tcp://HOST:PORT`, without `certificates` only on a network that you trust. Default: where Docker's own tools look, which is `DOCKER_HOST`, `DOCKER_CONTEXT`, the current docker context, then the first socket that exists.",
      ),
    certificates: folder
      .optional()
      .describe("For `tcp://` with TLS: the folder with `ca.pem`, `cert.pem` and `key.pem`."),
    ...machineSettings,
    ...addressSettings,
  })
  .describe("A Docker daemon that already runs: this machine's, or one behind `tcp://`.");
