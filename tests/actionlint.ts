/** Lints the workflows with actionlint: the one on PATH, or one that Go builds. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fetchesToolchains, findGo } from "../images/go.ts";
import { onPath } from "../system/on-path.ts";
import { run } from "../system/run.ts";

const FOLDER = join(import.meta.dirname, "..", ".github", "workflows");
const PACKAGE = "github.com/rhysd/actionlint/cmd/actionlint@v1.7.7";

/** @returns its path. @throws where Go is missing, too old, or cannot download it */
async function build(folder: string): Promise<string> {
  if (!onPath("go")) throw new Error("there is neither `actionlint` nor `go` on PATH");
  // An older one would first have to be given a toolchain of a quarter of a gigabyte.
  if (!fetchesToolchains(await run("go", ["version"]))) throw new Error("Go is older than 1.21");
  const { command, env } = await findGo(folder);
  await run(command, ["install", PACKAGE], { env: { ...env, GOBIN: folder } });
  return join(folder, "actionlint");
}

const scratch = mkdtempSync(join(tmpdir(), "agent-fleet-lint-"));
try {
  const command = onPath("actionlint") ? "actionlint" : await build(scratch);
  const files = readdirSync(FOLDER).map((file) => join(FOLDER, file));
  process.exitCode = spawnSync(command, files, { stdio: "inherit" }).status ?? 1;
} catch (error) {
  console.warn(`SKIPPED: lint of the workflows, because ${(error as Error).message}`);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
