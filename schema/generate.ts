/**
 * `npm run schema`: writes what is generated from the schemas.
 *
 *     npm run schema -- --check     fails where a file is not what would be written
 */
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fleetSchema } from "../fleet/config/schema.ts";
import { toJsonSchema } from "./json-schema.ts";
import { outputSchema } from "./output-schema.ts";
import { renderReference } from "./reference.ts";
import { stackFileSchema } from "./stack-file-schema.ts";

const ROOT = join(import.meta.dirname, "..");

/** Where the settings go in the reference's text. */
const PLACEHOLDER = "<!-- settings -->";

/** JSON in the form that the formatter gives it. */
function formatted(file: string, value: object): string {
  const { stdout, status, stderr } = spawnSync("biome", ["format", `--stdin-file-path=${file}`], {
    cwd: ROOT,
    input: JSON.stringify(value, null, 2),
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`${file} could not be formatted: ${stderr}`);
  return stdout;
}

function configuration(): string {
  const template = readFileSync(join(import.meta.dirname, "configuration.template.md"), "utf8");
  return template.replace(PLACEHOLDER, () => renderReference(toJsonSchema(fleetSchema)));
}

/** By file: what belongs into it. */
export const generated = (): ReadonlyMap<string, string> =>
  new Map([
    ["docs/configuration.md", configuration()],
    ["schema/stack-file.schema.json", formatted("schema/stack-file.schema.json", stackFileSchema())],
    ["reader/fleet.schema.json", formatted("reader/fleet.schema.json", outputSchema())],
  ]);

if (process.argv[1] === import.meta.filename) {
  const isCheck = process.argv.includes("--check");
  for (const [file, content] of generated()) {
    const path = join(ROOT, file);
    if (!isCheck) writeFileSync(path, content);
    else if (readFileSync(path, "utf8") !== content) {
      console.error(`${file} is stale: npm run schema`);
      process.exitCode = 1;
    }
  }
}
