import { z } from "zod";
import { keyFile, publicKey } from "../../config/primitives.ts";
import { addressSettings } from "../common-settings.ts";

/** A server's name: its group's, and a number. */
const serverName = z.string().regex(/^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?-[1-9]\d*$/, {
  error: "use a server's name such as `fsn1-2`",
});

export const GROWTH = ["add", "resize"] as const;

export const hetznerSettings = z
  .strictObject({
    kind: z.literal("hetzner"),
    publicKeys: z
      .array(publicKey)
      .min(1)
      .describe("Public keys that may log in as root, without comments. Only a new server reads them."),
    key: keyFile.optional().describe("The file of one of their private keys. Default: what `ssh` would use."),
    sshFrom: z
      .array(z.union([z.cidrv4(), z.cidrv6()], { error: "use a range such as `203.0.113.0/24`" }))
      .describe(
        "Ranges that may connect by SSH. With an empty list SSH is closed and the servers are reached over `tailscale`, which a new server joins while SSH is still open.",
      ),
    locations: z
      .array(z.string().regex(/^[a-z]{3}\d?$/, { error: "use a location such as `fsn1`" }))
      .min(1)
      .describe("Where servers may be, such as `[fsn1, nbg1]`. Of equal prices the first is taken."),
    families: z
      .array(z.string().regex(/^[a-z]{2,4}$/, { error: "use a family such as `cx`" }))
      .min(1)
      .default(["cx"])
      .describe("Families of server types to choose from, as in the catalogue: `cx`, `cpx`, `cax`, `ccx`."),
    growth: z
      .array(z.enum(GROWTH))
      .min(1)
      .default(["add"])
      .describe(
        "What may be done for agents that do not fit: `add` a server, or `resize` one, which powers it off for some minutes. Where both are allowed, the cheaper is done. A group's first server is always added. Servers are never made smaller.",
      ),
    volumePerMemory: z
      .number()
      .min(0)
      .max(100)
      .default(2.5)
      .describe(
        "Size that a server's data volume has at least, GB for each GB of its memory, in steps of 10 GB. It is larger where its agents' `diskGb` need more, grows with them up to 10,240 GB, never shrinks, and outlives the server. `0`: no volume, and agents' data is on the server's own disk.",
      ),
    drain: z
      .array(serverName)
      .default([])
      .describe("Servers whose agents move elsewhere, and that accept no new ones."),
    retire: z.array(serverName).default([]).describe("Drained and empty servers to delete."),
    protection: z
      .boolean()
      .default(true)
      .describe(
        "Makes Hetzner refuse to delete or rebuild the servers, their addresses and their data volumes. To delete or replace one, set this to `false`, bring the fleet up, and then do it. A drained server loses the protection by itself.",
      ),
    image: z
      .string()
      .min(1)
      .default("debian-13")
      .describe(
        "The system of a new server: Debian 12 or later. A server keeps the one that it was created with.",
      ),
    readySeconds: z
      .int()
      .min(60)
      .max(3600)
      .default(900)
      .describe("Seconds that a new server may take until Docker answers on it."),
    ...addressSettings,
  })
  .describe(
    "A group of servers at Hetzner, named `<name>-1`, `<name>-2`, …: as many and as large as its agents need. See [hosts](hosts.md#servers-at-hetzner).",
  );

export type HetznerSettings = z.infer<typeof hetznerSettings>;
