// Plain JavaScript, because it runs on whichever Node (>= 18) the machine has, before anything is installed:
//   node system/bootstrap.mjs cli/main.ts up
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, lstatSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const MODULES = join(ROOT, "node_modules");
const PINNED_NODE = join(MODULES, "node/bin/node");

/** The first release that runs TypeScript as it is. */
const OLDEST_NODE = [22, 18];

const fail = (message) => {
  console.error(message);
  process.exit(1);
};

/** Names the lock file that the dependencies were installed by. Times do not tell: git and npm touch files as they like. */
const STAMP = join(MODULES, ".installed-by");

/** Gives whether there was anything to install. */
function installDependencies() {
  // Another checkout's: npm would empty it under that one's feet.
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
  const [major, minor] = process.versions.node.split(".").map(Number);
  const [oldestMajor, oldestMinor] = OLDEST_NODE;
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return process.execPath;
  return fail(
    `Node ${process.versions.node} cannot run this: install Node ${OLDEST_NODE.join(".")} or newer.`,
  );
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
