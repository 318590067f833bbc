/** The Pulumi CLI's engine events, as this program's changes. */
import type { DiagnosticEvent, OpType, StepEventMetadata } from "@pulumi/pulumi/automation/index.js";
import type { Change, Operation } from "pulumi-embedded-engine";
import { nameOf, parseUrn } from "pulumi-embedded-engine/urn";

const OPERATIONS: Readonly<Record<OpType, Operation>> = {
  create: "create",
  "create-replacement": "replace",
  delete: "delete",
  "delete-replaced": "same",
  discard: "delete",
  "discard-replaced": "same",
  import: "create",
  "import-replacement": "replace",
  read: "same",
  "read-replacement": "replace",
  refresh: "same",
  "remove-pending-replace": "same",
  replace: "replace",
  same: "same",
  update: "update",
};

/** A step, as far as it is read. */
export type Step = Pick<StepEventMetadata, "op" | "urn" | "type" | "diffs"> & {
  readonly old?: Pick<NonNullable<StepEventMetadata["old"]>, "retainOnDelete"> | null;
};

/** The visible changes. A replacement consists of up to three steps, of which one is shown. */
export function changesOf(steps: readonly Step[]): Change[] {
  const changes = new Map<string, Change>();
  for (const { op, urn, type, diffs, old } of steps) {
    const known = changes.get(urn);
    // A newer CLI may have operations that are not listed here.
    const operation = OPERATIONS[op] ?? "update";
    if (known !== undefined && (known.op === "replace" || operation === "same")) continue;
    changes.set(urn, {
      op: operation,
      urn: parseUrn(urn),
      type,
      name: nameOf(parseUrn(urn)),
      changed: diffs ?? [],
      ...(operation === "delete" && old?.retainOnDelete === true ? { retained: true } : {}),
    });
  }
  // Pulumi adds the provider of its own types by itself.
  return [...changes.values()].filter(({ op, type }) => op !== "same" && type !== "pulumi:providers:pulumi");
}

/** A diagnostic without the directives for colors. */
export const textOf = ({ prefix = "", message }: Pick<DiagnosticEvent, "prefix" | "message">): string =>
  `${prefix}${message}`.replaceAll(/<\{%.*?%\}>/g, "").trimEnd();
