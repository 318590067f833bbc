/** Programs built from Go modules, kept between runs because building them takes minutes. */
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { findGo, type Go, goPackages } from "../../../images/go.ts";
import { aptInstall } from "../../../system/apt.ts";
import { run } from "../../../system/run.ts";

/** @returns the folder that `make` has filled, now or in an earlier run */
async function keep(name: string, make: (go: Go, target: string, scratch: string) => Promise<void>) {
  const folder = join(tmpdir(), `agent-fleet-${name}`);
  if (existsSync(folder)) return folder;
  await aptInstall(goPackages(), () => {});
  const scratch = mkdtempSync(join(tmpdir(), "agent-fleet-go-"));
  try {
    const target = join(scratch, "made");
    await make(await findGo(scratch), target, scratch);
    renameSync(target, folder);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  return folder;
}

/** Programs of a module, as its authors publish it. @returns the folder that they are in */
export const installPrograms = (
  name: string,
  module: string,
  programs: readonly string[],
  version: string,
): Promise<string> =>
  keep(`${name}-${version}`, async ({ command, env }, target) => {
    const packages = programs.map((program) => `${module}/cmd/${program}@${version}`);
    await run(command, ["install", ...packages], { env: { ...env, GOBIN: target } });
  });

/**
 * The program of a folder with a `go.mod`, and others of the modules that it requires. What those require in turn is
 * resolved again, so the folder needs no `go.sum`.
 *
 * @returns the folder that they are in; the folder's own is called as the folder
 */
export const buildPrograms = (source: string, others: readonly string[] = []): Promise<string> => {
  const hash = createHash("sha256").update(JSON.stringify(others));
  for (const file of readdirSync(source).toSorted()) hash.update(readFileSync(join(source, file)));
  return keep(
    `${basename(source)}-${hash.digest("hex").slice(0, 12)}`,
    async ({ command, env }, target, scratch) => {
      const copy = join(scratch, basename(source));
      cpSync(source, copy, { recursive: true });
      const args = [
        "build",
        "-mod=mod",
        "-trimpath",
        "-ldflags",
        "-s -w",
        "-o",
        `${target}/`,
        ".",
        ...others,
      ];
      // Without it a program would need the C library of the machine that it was built on.
      await run(command, args, { cwd: copy, env: { ...env, CGO_ENABLED: "0" } });
    },
  );
};
