import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach } from "vitest";
import { Backend } from "../../../engine/state/backend.ts";
import type { ResourceState } from "../../../engine/state/checkpoint.ts";

export const resource = (name: string, more: Partial<ResourceState> = {}): ResourceState => ({
  urn: `urn:pulumi:s::p::t::${name}`,
  custom: true,
  type: "t",
  id: `${name}-id`,
  ...more,
});

/** A folder of its own for each test of the file. */
export function testFolder(): { readonly path: string; backend(): Backend } {
  let path = "";
  beforeEach(() => {
    path = mkdtempSync(join(tmpdir(), "engine-state-"));
  });
  afterEach(() => rmSync(path, { recursive: true }));
  return {
    get path() {
      return path;
    },
    backend: () => new Backend(join(path, ".pulumi"), "p", "s"),
  };
}
