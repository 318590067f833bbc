import { z } from "zod";
import { image } from "../../config/primitives.ts";

export const tailnetSettings = z
  .strictObject({
    tailnet: z
      .string()
      .regex(/^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/, { error: "use a tailnet's name such as `tail1234.ts.net`" })
      .describe("The tailnet's DNS name."),
    image: image.default("tailscale/tailscale:v1.104.5").describe("Tailscale."),
    loginServer: z
      .string()
      .regex(/^https?:\/\/\S+$/, { error: "use an address such as `https://headscale.example.com`" })
      .optional()
      .describe(
        "Another control server, such as your own Headscale. Default: Tailscale's. A host that has joined stays where it is.",
      ),
  })
  .optional()
  .describe("Access for members of a tailnet: each host becomes a node of it. See [hosts](hosts.md#access).");

export type TailnetSettings = NonNullable<z.infer<typeof tailnetSettings>>;
