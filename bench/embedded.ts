/** One operation of the embedded engine on any program's folder: `embedded.ts up|preview|destroy FOLDER STACK`. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { embeddedEngine } from "../workspace/embedded.ts";

const [operation, folder = "", stack = ""] = process.argv.slice(2);
const { name } = parse(readFileSync(join(folder, "Pulumi.yaml"), "utf8")) as { name: string };
const engine = embeddedEngine(
  {
    folder,
    name,
    stack,
    stackFile: join(folder, `Pulumi.${stack}.yaml`),
    backendUrl: process.env["PULUMI_BACKEND_URL"] ?? "",
  },
  {
    log: (line) => process.stderr.write(`${line}\n`),
  },
);

/** A preview here is always of a stack that is as it should be: a change would be another measurement. */
async function hasNoChanges(): Promise<boolean> {
  const { succeeded, changes } = await engine.preview();
  for (const { op, urn } of changes) process.stderr.write(`unexpected: ${op} ${urn}\n`);
  return succeeded && changes.length === 0;
}

const succeeded =
  operation === "up"
    ? await engine.up()
    : operation === "destroy"
      ? await engine.destroy()
      : await hasNoChanges();
if (!succeeded) process.exitCode = 1;
