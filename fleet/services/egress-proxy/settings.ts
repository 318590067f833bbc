import { z } from "zod";
import { image, port } from "../../config/primitives.ts";

export const egressProxySettings = z
  .strictObject({
    image: image.default("ubuntu/squid:6.6-24.04_beta").describe("Squid."),
    port: port
      .default(3128)
      .describe("Its port on the host; agents reach it at their network's bridge address."),
    receiveMbPerSecond: z
      .int({ error: "use a whole number of MiB per second, such as `25`" })
      .min(1, { error: "use at least 1 MiB per second" })
      .max(1024, { error: "use at most 1024 MiB per second" })
      .default(25)
      .describe("What an agent receives through it at most, MiB per second."),
  })
  .prefault({})
  .describe("The forward proxy that agents reach the internet through: one Squid per host.");
