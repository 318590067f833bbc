import { z } from "zod";

export const fields = z.object({
  type: z.string(),
  name: z.string(),
  content: z.string().optional(),
  ttl: z.number().default(1),
  proxied: z.boolean().default(false),
  priority: z.number().optional(),
  comment: z
    .string()
    .nullish()
    .transform((text) => text || null),
  tags: z
    .array(z.string())
    .nullish()
    .transform((tags) => tags ?? []),
  settings: z
    .record(z.string(), z.unknown())
    .nullish()
    .transform((settings) => settings ?? {}),
  data: z.unknown().optional(),
});

export type Fields = z.infer<typeof fields>;

export interface DnsRecord extends Omit<Fields, "content"> {
  readonly id: string;
  readonly content: string;
  readonly proxiable: boolean;
  readonly meta: object;
  readonly created_on: string;
  readonly modified_on: string;
}
