/** `npm run schema`: writes the shape of the `fleet` output for those who read it without TypeScript. */
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { fleetOutputSchema } from "./schema.ts";

export const SCHEMA_FILE = join(import.meta.dirname, "fleet.schema.json");

/** Allows keys that it does not name, as the reader does. */
export const jsonSchema = (): object =>
  z.toJSONSchema(fleetOutputSchema, {
    io: "input",
    override: ({ jsonSchema: node }) => {
      // zod's integers end where JavaScript's do: no promise of the fleet's.
      if (node.minimum === Number.MIN_SAFE_INTEGER) delete node.minimum;
      if (node.maximum === Number.MAX_SAFE_INTEGER) delete node.maximum;
    },
  });

if (process.argv[1] === import.meta.filename) {
  writeFileSync(SCHEMA_FILE, JSON.stringify(jsonSchema(), null, 2));
  const { status } = spawnSync("biome", ["format", "--write", SCHEMA_FILE], { stdio: "inherit" });
  process.exitCode = status ?? 1;
}
