import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UnreadableCheckpointError } from "pulumi-embedded-engine/state";
import { planFleet } from "../../fleet/plan.ts";
import { FleetError } from "../../fleet/problem.ts";
import { type Review, renderComment, renderRefusal } from "../../fleet/render/plan-comment.ts";
import { reportOf } from "../../fleet/report.ts";
import { CATALOGUE } from "../../stacks/catalogue.ts";
import { chooseEngine, type EngineName, type Terminal } from "../engine.ts";
import { readFleet } from "../fleet-config.ts";
import type { Project } from "../project.ts";
import { type ReviewSources, readExisting } from "../review-input.ts";
import { UserError } from "../user-error.ts";

export interface ReviewOptions extends ReviewSources {
  /** The file for the comment. Default: standard output. */
  readonly output?: string;
  readonly engine?: EngineName;
}

interface Reviewed {
  readonly comment: string;
  readonly succeeded: boolean;
}

const FAILED = "it failed, and the log of this run says why.";

/** A preview that cannot be had does not keep the rest of the comment from being written. */
async function previewOf(
  project: Project | undefined,
  engine: EngineName,
  terminal: Terminal,
): Promise<{ changes: Review["changes"]; succeeded: boolean }> {
  const leftOut = (reason: string, succeeded: boolean) => ({ changes: { leftOut: reason }, succeeded });
  if (project === undefined) return leftOut("there is no state that it could begin with.", true);
  try {
    const { succeeded, changes } = await chooseEngine(project, engine, terminal).preview();
    return succeeded ? { changes, succeeded } : leftOut(FAILED, false);
  } catch (error) {
    terminal.log((error as Error).message);
    if (error instanceof UserError) return leftOut(error.message, true);
    if (error instanceof UnreadableCheckpointError) {
      return leftOut("the embedded engine cannot open this stack's state.", true);
    }
    return leftOut(FAILED, false);
  }
}

async function review(
  project: Project,
  { engine, ...sources }: ReviewOptions,
  folder: string,
  terminal: Terminal,
): Promise<Reviewed> {
  try {
    const fleet = readFleet(project);
    const { registry, previewed, before } = readExisting(project, sources, folder, terminal);
    const plan = planFleet(fleet, registry, project.stack, CATALOGUE);
    // The embedded engine, unless another is asked for: its preview talks to no host and needs no key of one.
    const { changes, succeeded } = await previewOf(previewed, engine ?? "embedded", terminal);
    return { comment: renderComment({ report: reportOf(plan), changes, before: before(plan) }), succeeded };
  } catch (error) {
    if (!(error instanceof FleetError)) throw error;
    terminal.log(error.message);
    return { comment: renderRefusal(project.stack, error.message), succeeded: false };
  }
}

/** False where the configuration is refused or the preview failed; the comment is written all the same. */
export async function reviewCommand(
  project: Project,
  options: ReviewOptions,
  terminal: Terminal,
): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), "agent-fleet-review-"));
  try {
    const { comment, succeeded } = await review(project, options, folder, terminal);
    if (options.output === undefined) terminal.print(comment.trimEnd());
    else writeFileSync(options.output, comment);
    return succeeded;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
