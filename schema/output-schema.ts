/** The shape of the `fleet` output, for readers of other languages. It allows keys that it does not name, as the reader does. */
import { fleetOutputSchema } from "../reader/schema.ts";
import { type JsonSchema, toJsonSchema } from "./json-schema.ts";

export const outputSchema = (): JsonSchema => toJsonSchema(fleetOutputSchema);
