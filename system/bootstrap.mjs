// Plain JavaScript, because it runs on the machine's own Node (18 or newer), before anything is installed:
//   node system/bootstrap.mjs cli/main.ts up
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, lstatSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { isSupportedNode, refusalOf } from "./node-version.mjs";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const MODULES = join(ROOT, "node_modules");
const PINNED_NODE = join(MODULES, "node/bin/node");

const fail = (message) => {
  console.error(message);
  process.exit(1);
};

/** Holds the checksum of the lock file that was installed. Modification times are no help: git and npm change them at will. */
const STAMP = join(MODULES, ".installed-by");

/** Returns whether there was anything to install. */
function installDependencies() {
  // It belongs to another checkout, and npm would empty it.
  if (lstatSync(MODULES, { throwIfNoEntry: false })?.isSymbolicLink()) return false;
  const lock = createHash("sha256")
    .update(readFileSync(join(ROOT, "package-lock.json")))
    .digest("hex");
  if (existsSync(STAMP) && readFileSync(STAMP, "utf8") === lock) return false;
  console.error("Installing dependencies ...");
  const npm = spawnSync("npm", ["ci", "--no-audit", "--no-fund"], { cwd: ROOT, encoding: "utf8" });
  if (npm.status !== 0) fail(`${npm.stdout ?? ""}${npm.stderr ?? npm.error?.message}\n\`npm ci\` failed.`);
  writeFileSync(STAMP, lock);
  return true;
}

function chooseNode() {
  if (existsSync(PINNED_NODE)) return realpathSync(PINNED_NODE);
  const { node } = process.versions;
  return isSupportedNode(node) ? process.execPath : fail(refusalOf(node));
}

const [script, ...args] = process.argv.slice(2);
if (script === undefined) fail("Name the script to run: node system/bootstrap.mjs cli/main.ts ...");
const installed = installDependencies();
const node = chooseNode();
process.env.PATH = [join(MODULES, ".bin"), process.env.PATH].join(delimiter);
process.env.NODE_COMPILE_CACHE ??= join(MODULES, ".cache/compile");

// After an installation the file behind this process's own path may be another release.
if (!installed && realpathSync(process.execPath) === node) {
  const { enableCompileCache } = await import("node:module");
  enableCompileCache();
  process.argv.splice(1, 2, resolve(script));
  await import(pathToFileURL(resolve(script)).href);
} else {
  const child = spawn(node, [script, ...args], { stdio: "inherit" });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(signal, () => {
      // A terminal sends its own to the child as well.
      if (signal !== "SIGINT" || !process.stdin.isTTY) child.kill(signal);
    });
  }
  child.on("error", (error) => fail(`The pinned Node does not start: ${error.message}`));
  child.on("exit", (code, signal) => {
    if (signal === null) process.exit(code);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}
