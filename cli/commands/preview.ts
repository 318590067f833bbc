import type { Operation } from "pulumi-embedded-engine";
import type { PreviewResult, StackEngine, Terminal } from "../engine.ts";
import { describeChange } from "../progress.ts";

export interface PreviewOptions {
  readonly json: boolean;
  readonly expectNoChanges: boolean;
}

type Summary = Record<Operation, number>;

const summarize = ({ changes, unchanged }: PreviewResult): Summary => {
  const summary: Summary = { create: 0, update: 0, replace: 0, delete: 0, same: unchanged };
  for (const { op } of changes) summary[op]++;
  return summary;
};

export function renderPreview(result: PreviewResult): string {
  const { same, ...summary } = summarize(result);
  const words = Object.entries(summary)
    .filter(([, count]) => count > 0)
    .map(([op, count]) => `${count} to ${op}`);
  return [
    ...result.changes.map(describeChange),
    words.length === 0
      ? `No changes: ${same} resources are as they should be.`
      : `${words.join(", ")}, ${same} unchanged`,
  ].join("\n");
}

/** True where the preview could be made and shows what was expected of it. */
export async function previewCommand(
  engine: StackEngine,
  { json, expectNoChanges }: PreviewOptions,
  { print, log }: Terminal,
): Promise<boolean> {
  const result = await engine.preview();
  const { changes } = result;
  if (json) {
    const listed = changes.map(({ op, type, name, urn }) => ({ op, type, name, urn }));
    print(JSON.stringify({ changes: listed, summary: summarize(result) }, null, 2));
  } else if (result.succeeded) {
    print(renderPreview(result));
  }
  if (expectNoChanges && changes.length > 0) {
    log(`${changes.length} changes, where none were expected`);
    return false;
  }
  return result.succeeded;
}
