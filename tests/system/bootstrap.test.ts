import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

/** Not the Node that runs the tests, which may be too old to run scripts without the pinned one. */
const NODE = realpathSync(join(import.meta.dirname, "../../node_modules/node/bin/node"));
const SOURCES = ["bootstrap.mjs", "node-version.mjs"];
const SCRIPT = `
  console.log(JSON.stringify({ args: process.argv.slice(2), node: process.execPath, path: process.env.PATH }));
  if (process.argv[2] === "exit") process.exit(7);
  if (process.argv[2] === "die") process.kill(process.pid, "SIGTERM");
`;

let root: string;

const write = (name: string, content: string, mode = 0o644): void => {
  mkdirSync(join(root, name, ".."), { recursive: true });
  writeFileSync(join(root, name), content, { mode });
};

const LOCK = '{"lockfileVersion":3}';

/** Leaves the project as an installation by that lock file would. */
const installedBy = (lock: string): void =>
  write("node_modules/.installed-by", createHash("sha256").update(lock).digest("hex"));

/** A stand-in for npm that installs the lockfile's copy, or fails. */
const npm = (script: string): void => write("bin/npm", `#!/bin/sh\n${script}\n`, 0o755);

const bootstrap = (...args: string[]) =>
  spawnSync(NODE, [join(root, "system/bootstrap.mjs"), join(root, "main.mjs"), ...args], {
    encoding: "utf8",
    env: { PATH: `${join(root, "bin")}:/usr/bin:/bin` },
  });

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "bootstrap-"));
  mkdirSync(join(root, "system"));
  for (const name of SOURCES) {
    copyFileSync(join(import.meta.dirname, "../../system", name), join(root, "system", name));
  }
  write("main.mjs", SCRIPT);
  write("package-lock.json", LOCK);
  npm(`echo "npm $*" >> ${join(root, "npm.log")}; echo reason >&2; exit 1`);
});

afterEach(() => rmSync(root, { recursive: true }));

describe("bootstrap", () => {
  it("runs the script at once when everything is installed", () => {
    installedBy(LOCK);
    const { stdout, stderr } = bootstrap("up", "--yes", "a b");
    expect(JSON.parse(stdout)).toMatchObject({ args: ["up", "--yes", "a b"], node: NODE });
    expect(stderr).toBe("");
  });

  it("puts the project's commands first on PATH", () => {
    installedBy(LOCK);
    expect(JSON.parse(bootstrap().stdout).path.split(":")[0]).toBe(join(root, "node_modules/.bin"));
  });

  it("installs when the lockfile is another, and quotes npm when that fails", () => {
    installedBy("{}");
    const { status, stdout, stderr } = bootstrap("up");
    expect(stderr).toBe("Installing dependencies ...\nreason\n\n`npm ci` failed.\n");
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
  });

  it("installs when nothing is installed, quietly, and goes on", () => {
    npm(`mkdir ${join(root, "node_modules")}; echo noise; echo "$*" >&2`);
    const { stdout, stderr } = bootstrap("up");
    expect(JSON.parse(stdout)).toMatchObject({ args: ["up"] });
    expect(stderr).toBe("Installing dependencies ...\n");
    // And not a second time, though the file was touched since.
    write("package-lock.json", LOCK);
    expect(bootstrap("up").stderr).toBe("");
  });

  it("leaves another checkout's dependencies alone where node_modules is a link", () => {
    mkdirSync(join(root, "elsewhere"));
    symlinkSync(join(root, "elsewhere"), join(root, "node_modules"));
    expect(bootstrap("up").stderr).toBe("");
  });

  describe("with a pinned Node that is not the one it runs on", () => {
    beforeEach(() => {
      installedBy(LOCK);
      write("node_modules/node/bin/node", `#!/bin/sh\necho pinned >&2\nexec "${NODE}" "$@"\n`, 0o755);
    });

    it("runs the script on the pinned one", () => {
      const { stdout, stderr } = bootstrap("up");
      expect(JSON.parse(stdout)).toMatchObject({ args: ["up"] });
      expect(stderr).toBe("pinned\n");
    });

    it("ends as the script ends", () => {
      expect(bootstrap("exit").status).toBe(7);
      expect(bootstrap("die").signal).toBe("SIGTERM");
    });
  });

  it("runs the script in its own process on the pinned Node", () => {
    installedBy(LOCK);
    mkdirSync(join(root, "node_modules/node/bin"), { recursive: true });
    symlinkSync(NODE, join(root, "node_modules/node/bin/node"));
    expect(bootstrap("exit").status).toBe(7);
  });
});
