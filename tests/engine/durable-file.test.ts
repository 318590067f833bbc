import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { writeDurably } from "../../engine/durable-file.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "durable-file-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("a durable file", () => {
  it("is replaced, is readable by its owner alone, and leaves no other file", () => {
    const file = join(folder, "state.json");
    writeDurably(file, "one");
    writeDurably(file, "two");
    expect(readFileSync(file, "utf8")).toBe("two");
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(["state.json"]);
  });

  it("keeps its content if the new one cannot be written", () => {
    const file = join(folder, "state.json");
    writeDurably(file, "one");
    expect(() => writeDurably(join(folder, "missing", "state.json"), "two")).toThrow(/ENOENT/);
    expect(readdirSync(folder)).toEqual(["state.json"]);
  });
});
