/** `dns`: how the domain's DNS records are set. */
import { z } from "zod";

export const dns = z
  .discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("none") }).describe("You set the records that the plan prints."),
    z
      .strictObject({
        kind: z.literal("cloudflare"),
        zoneId: z
          .string()
          .regex(/^[0-9a-f]{32}$/, { error: "use the zone's id: 32 hexadecimal digits" })
          .describe("The zone's id."),
        maxRecords: z
          .int()
          .min(1)
          .default(200)
          .describe(
            "Records that the zone has space for: 200 on a free zone, less those that are there already.",
          ),
      })
      .describe("`up` sets the records at Cloudflare."),
  ])
  .default({ kind: "none" });
