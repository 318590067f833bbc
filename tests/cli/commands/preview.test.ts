import type { Change } from "pulumi-embedded-engine";
import { describe, expect, it } from "vitest";
import { renderPreview, renderPreviewJson } from "../../../cli/commands/preview.ts";

const change = (op: Change["op"], name: string, changed: string[] = [], retained = false): Change => ({
  op,
  name,
  urn: `urn:pulumi:test::agent-fleet::docker:index/container:Container::${name}`,
  type: "docker:index/container:Container",
  changed,
  ...(retained ? { retained } : {}),
});
const CHANGES = [
  change("create", "carol-gateway"),
  change("replace", "ingress-config", ["uploads"]),
  change("delete", "bob-data", [], true),
];

describe("a preview", () => {
  it("shows each change with its cause, and what is kept", () => {
    expect(renderPreview({ succeeded: true, changes: CHANGES, unchanged: 7 }).split("\n")).toEqual([
      "  + container       carol-gateway              create",
      "  ± container       ingress-config             replace  (changes: uploads)",
      "  - container       bob-data                   delete  (removed from the stack only; the data stays on the host)",
      "1 to create, 1 to replace, 1 to delete, 7 unchanged",
    ]);
  });

  it("says that there is nothing to do", () => {
    expect(renderPreview({ succeeded: true, changes: [], unchanged: 24 })).toBe(
      "No changes: 24 resources up to date.",
    );
  });

  it("has the same counts as JSON", () => {
    const { changes, summary } = JSON.parse(
      renderPreviewJson({ succeeded: true, changes: CHANGES, unchanged: 7 }),
    );
    expect(summary).toEqual({ create: 1, update: 0, replace: 1, delete: 1, same: 7 });
    expect(changes[0]).toEqual({
      op: "create",
      type: "docker:index/container:Container",
      name: "carol-gateway",
      urn: "urn:pulumi:test::agent-fleet::docker:index/container:Container::carol-gateway",
    });
  });
});
