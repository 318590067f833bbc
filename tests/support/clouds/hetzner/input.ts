/** What a request brings along, checked. */
import { z } from "zod";
import type { Asked } from "../routes.ts";
import { invalid, Refusal } from "./refusal.ts";

export const idOrName = z.union([z.int(), z.string().min(1)]);
export const labels = z.record(z.string(), z.string());
/** What a name may be where it is no host name. */
export const name = z.string().min(1).max(128);

export function read<T>({ body }: Asked, schema: z.ZodType<T>): T {
  let value: unknown;
  try {
    value = body === "" ? {} : JSON.parse(body);
  } catch {
    throw new Refusal("json_error", "invalid JSON input");
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw invalid(issue?.path.join(".") ?? "", issue?.message ?? "");
}
