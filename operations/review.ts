import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UnreadableCheckpointError } from "pulumi-embedded-engine/state";
import { FleetError } from "../fleet/config/problem.ts";
import { effectsOf } from "../fleet/docker/effects.ts";
import { planFleet } from "../fleet/plan-fleet.ts";
import { type Review, renderComment, renderRefusal } from "../report/comment.ts";
import { reportOf } from "../report/report.ts";
import { CATALOGUE } from "../stacks/catalogue.ts";
import { messageOf, OperatorError } from "../system/operator-error.ts";
import type { Log } from "../system/terminal.ts";
import type { StackEngine } from "../workspace/engine.ts";
import type { Project } from "../workspace/project.ts";
import { readCheckedFleet } from "./fleet-config.ts";
import { type ReviewSources, readExisting } from "./review-input.ts";

export interface ReviewPorts {
  openEngine(project: Project): Promise<StackEngine>;
  readonly log: Log;
}

export interface Reviewed {
  /** GitHub's Markdown. */
  readonly comment: string;
  /** False if the configuration is invalid or the preview failed; there is a comment nevertheless. */
  readonly succeeded: boolean;
}

const FAILED = "it failed, and the log of this run says why.";

type Preview = { readonly changes: Review["changes"]; readonly succeeded: boolean };

const leftOut = (reason: string, succeeded: boolean): Preview => ({
  changes: { leftOut: reason },
  succeeded,
});

/** The rest of the comment is written even if there is no preview. */
async function previewOf(project: Project | undefined, { openEngine, log }: ReviewPorts): Promise<Preview> {
  if (project === undefined) return leftOut("there is no state to start from.", true);
  try {
    const { succeeded, changes } = await (await openEngine(project)).preview();
    return succeeded ? { changes, succeeded } : leftOut(FAILED, false);
  } catch (error) {
    log(messageOf(error));
    if (error instanceof OperatorError) return leftOut(error.message, true);
    if (error instanceof UnreadableCheckpointError) {
      return leftOut("the embedded engine cannot read this stack's state.", true);
    }
    return leftOut(FAILED, false);
  }
}

async function reviewIn(
  folder: string,
  project: Project,
  sources: ReviewSources,
  ports: ReviewPorts,
): Promise<Reviewed> {
  try {
    const fleet = readCheckedFleet(project);
    const { registry, state, previewed, before } = readExisting(project, sources, folder, ports.log);
    const plan = planFleet(fleet, registry, project.stack, CATALOGUE);
    const { changes, succeeded } = await previewOf(previewed, ports);
    const report = reportOf(plan, state === undefined ? [] : effectsOf(plan, state));
    return { comment: renderComment({ report, changes, before: before(plan) }), succeeded };
  } catch (error) {
    if (!(error instanceof FleetError)) throw error;
    ports.log(error.message);
    return { comment: renderRefusal(project.stack, error.message), succeeded: false };
  }
}

/** What a pull request would change, as a comment on it. */
export async function review(
  project: Project,
  sources: ReviewSources,
  ports: ReviewPorts,
): Promise<Reviewed> {
  const folder = mkdtempSync(join(tmpdir(), "agent-fleet-review-"));
  try {
    return await reviewIn(folder, project, sources, ports);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
