import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished, vi } from "vitest";
import { onPath } from "../../system/on-path.ts";

it("finds commands on PATH, and only those that can be run", () => {
  const folder = mkdtempSync(join(tmpdir(), "on-path-"));
  onTestFinished(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true });
  });
  vi.stubEnv("PATH", folder);
  const file = join(folder, "tool");
  expect(onPath("tool")).toBe(false);
  writeFileSync(file, "");
  chmodSync(file, 0o644);
  expect(onPath("tool")).toBe(false);
  chmodSync(file, 0o755);
  expect(onPath("tool")).toBe(true);
});
