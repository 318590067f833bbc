/** A step that failed, as it is shown whichever engine ran it. */
import type { DiagnosticEvent } from "@pulumi/pulumi/automation/index.js";
import { describeFailure, explainFailure } from "../fleet/failures/explain.ts";
import type { FailedStep } from "../fleet/failures/failure.ts";
import { textOf } from "./pulumi-events.ts";

const stepOf = (urn: string): FailedStep => ({
  stack: urn.split(":")[2] ?? "",
  name: urn.slice(urn.lastIndexOf(":") + 1),
});

export function describeFailedStep(urn: string, message: string): string {
  const step = stepOf(urn);
  return `  ! ${step.name}: ${describeFailure(message, step).replaceAll("\n", "\n    ")}`;
}

/** The known failures among the Pulumi CLI's diagnostics, which it shows in its own words: one for each resource. */
export class FailureNotes {
  readonly #notes = new Map<string, string>();

  add({ urn, severity, message }: DiagnosticEvent): void {
    if (severity !== "error" || urn === undefined || this.#notes.has(urn)) return;
    const text = textOf({ message });
    if (explainFailure(text) !== undefined) this.#notes.set(urn, describeFailedStep(urn, text));
  }

  get lines(): string[] {
    return [...this.#notes.values()];
  }
}
