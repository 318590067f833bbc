/** A zod schema as JSON Schema, for those who read it without TypeScript. */
import { z } from "zod";

export type JsonSchema = z.core.JSONSchema.BaseSchema;

/** What may be written: settings with a default are optional. */
export const toJsonSchema = (schema: z.ZodType): JsonSchema =>
  z.toJSONSchema(schema, {
    io: "input",
    override: ({ jsonSchema: node }) => {
      // zod's integers end where JavaScript's do, which is not a limit of the fleet's.
      if (node.minimum === Number.MIN_SAFE_INTEGER) delete node.minimum;
      if (node.maximum === Number.MAX_SAFE_INTEGER) delete node.maximum;
      // No formats of JSON Schema, so a strict validator refuses them; the pattern next to one says the same.
      if (node.format?.startsWith("cidr")) delete node.format;
    },
  });
