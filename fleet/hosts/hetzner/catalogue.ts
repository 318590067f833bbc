/** The server types that Hetzner sells, and their prices: data with a date, refreshed by `npm run catalogue`. */
import { z } from "zod";

/** What one type costs in one location. Prices are net, per month. */
const price = z.object({
  monthly: z.number().positive(),
  /** Outgoing traffic that is included, TB a month. */
  trafficTb: z.number().nonnegative(),
  /** Each TB beyond that. */
  perExtraTb: z.number().nonnegative(),
});

const serverType = z.object({
  /** `cx` of `cx33`. */
  family: z.string(),
  architecture: z.enum(["x86", "arm"]),
  cpus: z.int().positive(),
  /** As sold, GiB; the kernel keeps a little of it, which the system's reserve covers. */
  memoryGb: z.number().positive(),
  diskGb: z.int().positive(),
  /** No longer sold; kept for the servers that are of this type already. */
  deprecated: z.boolean().default(false),
  /** By location. A type that a location does not have is not in it. */
  prices: z.record(z.string(), price),
});

export const catalogueSchema = z.object({
  /** The day of the prices. */
  date: z.iso.date(),
  source: z.string(),
  currency: z.string().length(3),
  /** Net, per month. */
  volumePerGb: z.number().nonnegative(),
  /** Net, per month: a public IPv4 address. */
  ipv4: z.number().nonnegative(),
  types: z.record(z.string(), serverType),
});

export type Catalogue = z.infer<typeof catalogueSchema>;
export type ServerType = z.infer<typeof serverType>;
