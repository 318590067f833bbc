import type { Operation } from "pulumi-embedded-engine";
import type { PreviewResult } from "../../workspace/engine.ts";
import { describeChange } from "../../workspace/progress.ts";
import { engineCommand, open, type StackOptions } from "../stack-command.ts";
import { terminal } from "../terminal.ts";

type Summary = Record<Operation, number>;

const summarize = ({ changes, unchanged }: PreviewResult): Summary => {
  const summary: Summary = { create: 0, update: 0, replace: 0, delete: 0, same: unchanged };
  for (const { op } of changes) summary[op]++;
  return summary;
};

export function renderPreview(result: PreviewResult): string {
  const { same, ...summary } = summarize(result);
  const counts = Object.entries(summary)
    .filter(([, count]) => count > 0)
    .map(([op, count]) => `${count} to ${op}`);
  return [
    ...result.changes.map(describeChange),
    counts.length === 0
      ? `No changes: ${same} resources up to date.`
      : `${counts.join(", ")}, ${same} unchanged`,
  ].join("\n");
}

export const renderPreviewJson = (result: PreviewResult): string => {
  const changes = result.changes.map(({ op, type, name, urn }) => ({ op, type, name, urn }));
  return JSON.stringify({ changes, summary: summarize(result) }, null, 2);
};

interface PreviewOptions extends StackOptions {
  readonly json: boolean;
  readonly expectNoChanges: boolean;
}

/** @returns whether the preview succeeded and shows what was expected */
async function run(options: PreviewOptions): Promise<boolean> {
  const { engine } = await open(options);
  const result = await engine.preview();
  if (options.json) terminal.print(renderPreviewJson(result));
  else if (result.succeeded) terminal.print(renderPreview(result));
  if (options.expectNoChanges && result.changes.length > 0) {
    terminal.log(`Expected no changes, but there are ${result.changes.length}.`);
    return false;
  }
  return result.succeeded;
}

export const preview = engineCommand("preview", "show what `up` would change, without changing it")
  .option("--json", "print the changes as JSON", false)
  .option("--expect-no-changes", "fail if there are any", false)
  .action(async (options: PreviewOptions) => {
    if (!(await run(options))) process.exitCode = 1;
  });
