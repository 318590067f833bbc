import { z } from "zod";
import { image, port } from "../../config/primitives.ts";

export const egressProxySettings = z
  .strictObject({
    image: image.default("ubuntu/squid:6.6-24.04_beta").describe("Squid."),
    port: port
      .default(3128)
      .describe("Its port on the host; agents reach it at their network's bridge address."),
  })
  .prefault({})
  .describe("The forward proxy that agents reach the internet through: one Squid per host.");
