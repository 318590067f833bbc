/** What `pulumi preview --json` says. */
import type { Change, Operation } from "pulumi-embedded-engine";
import { nameOf, parseUrn, typeOf } from "pulumi-embedded-engine/urn";
import { z } from "zod";

/** The steps that `pulumi preview --json` may name, in this program's words. */
const OPERATIONS: Readonly<Record<string, Operation>> = {
  create: "create",
  "create-replacement": "replace",
  "delete-replaced": "same",
  delete: "delete",
  replace: "replace",
  same: "same",
  update: "update",
};

const previewSchema = z.object({
  steps: z
    .array(
      z.object({
        op: z.string(),
        urn: z.string().transform(parseUrn),
        diffReasons: z.array(z.string()).nullish(),
        oldState: z.object({ retainOnDelete: z.boolean().optional() }).nullish(),
      }),
    )
    .default([]),
  changeSummary: z.partialRecord(z.string(), z.number()).default({}),
});

/** A replacement is told in three steps; a person sees one. */
function changesOf(steps: z.infer<typeof previewSchema>["steps"]): Change[] {
  const changes = new Map<string, Change>();
  for (const { op, urn, diffReasons, oldState } of steps) {
    const known = changes.get(urn);
    const operation = OPERATIONS[op] ?? "update";
    if (known !== undefined && (known.op === "replace" || operation === "same")) continue;
    changes.set(urn, {
      op: operation,
      urn,
      type: typeOf(urn),
      name: nameOf(urn),
      changed: diffReasons ?? [],
      ...(operation === "delete" && oldState?.retainOnDelete === true ? { retained: true } : {}),
    });
  }
  // The provider of Pulumi's own types is nobody's resource.
  return [...changes.values()].filter(({ op, type }) => op !== "same" && type !== "pulumi:providers:pulumi");
}

export function parsePreview(output: string): { changes: Change[]; unchanged: number } {
  const start = output.indexOf("{");
  const { steps, changeSummary } = previewSchema.parse(start < 0 ? {} : JSON.parse(output.slice(start)));
  return { changes: changesOf(steps), unchanged: changeSummary["same"] ?? 0 };
}
