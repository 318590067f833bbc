/**
 * `npm test`: sets up what the tests need, checks the code, runs every test, and counts.
 *
 *     npm test -- tests/fleet     only the files below a path, without the checks
 *     npm run test:unit           only what needs no Docker, without the checks
 *     npm run test:long           every case of the tests that otherwise try a sample: more than an hour
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureDocker } from "../system/docker.ts";
import { check } from "./check.ts";
import { ensureBrowser } from "./support/browser/browser.ts";
import { ensureTestImages } from "./support/gateway/stand-in.ts";

/** What tries a sample of its cases unless the run is long. */
const LONG = ["tests/docker/killed", "tests/e2e/drift", "tests/e2e/interrupted", ".properties.test.ts"];

const log = (line: string): void => console.warn(line);
const isUnit = process.argv.includes("--unit");
const isLong = process.argv.includes("--long");
const paths = process.argv.slice(2).filter((argument) => !argument.startsWith("--"));
const filters = isLong && paths.length === 0 ? LONG : paths;
if (isLong) Object.assign(process.env, { TEST_LONG: "1", PROPERTY_RUNS: "10000" });
const isWhole = filters.length === 0 && !isUnit;
const needsDocker = isWhole || (!isUnit && filters.some((filter) => /docker|e2e/.test(filter)));

if (needsDocker) {
  await ensureDocker({ log });
  await ensureTestImages();
  await ensureBrowser(log);
}
const isClean = !isWhole || check();

const folder = mkdtempSync(join(tmpdir(), "agent-fleet-results-"));
const results = join(folder, "results.json");
const project = isUnit ? ["--project=unit*"] : [];
const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${results}`];
spawnSync("vitest", ["run", ...project, ...reporters, ...filters], { stdio: "inherit" });
interface Counts {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly testResults: readonly {
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string }[];
  }[];
}
const counts = JSON.parse(readFileSync(results, "utf8")) as Counts;
rmSync(folder, { recursive: true });

// A file that could not be read, or whose preparation failed, has no test that did.
const broken = counts.testResults.filter(
  ({ status, assertionResults }) =>
    status === "failed" && !assertionResults.some((test) => test.status === "failed"),
);
const failed = counts.numFailedTests + broken.length + (isClean ? 0 : 1);
console.log(`${counts.numPassedTests} passed, ${failed} failed, ${counts.numPendingTests} skipped`);
if (failed > 0) process.exitCode = 1;
