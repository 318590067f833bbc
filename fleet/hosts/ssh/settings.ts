import { z } from "zod";
import { keyFile, port, publicKey } from "../../config/primitives.ts";
import { addressSettings, machineSettings } from "../common-settings.ts";

export const sshSettings = z
  .strictObject({
    kind: z.literal("ssh"),
    address: z
      .string()
      .regex(/^[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?$/, { error: "use a host name or an IPv4 address" })
      .describe("The server's name or address, for SSH and for the fleet's users."),
    user: z
      .string()
      .regex(/^[a-z_][a-z0-9_-]*$/, { error: "use a login name" })
      .default("root")
      .describe("The login; it must be allowed to use Docker there."),
    port: port.default(22).describe("The port that sshd listens on."),
    key: keyFile.optional().describe("The private key's file. Default: what `ssh` would use."),
    hostKey: publicKey
      .optional()
      .describe(
        "The server's public host key (`ssh-keyscan -t ed25519 HOST`, checked with its owner); a server with another key is refused. Default: your known hosts.",
      ),
    connectSeconds: z.int().min(1).max(300).default(15).describe("Seconds that it may take to answer."),
    ...machineSettings,
    ...addressSettings,
  })
  .describe("A server of your own with Docker on it, reached by SSH.");
