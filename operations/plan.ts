import { effectsOf } from "../fleet/docker/effects.ts";
import { planFleet } from "../fleet/plan-fleet.ts";
import { type PlanReport, reportOf } from "../report/report.ts";
import { CATALOGUE } from "../stacks/catalogue.ts";
import type { Log } from "../system/terminal.ts";
import type { Project } from "../workspace/project.ts";
import { readCheckedFleet } from "./fleet-config.ts";
import { existingState } from "./plan-input.ts";

/** @param stateFile an export that takes the place of the stack's own state */
export function planStack(project: Project, stateFile: string | undefined, log: Log): PlanReport {
  const fleet = readCheckedFleet(project);
  const state = existingState(project, stateFile, log);
  const plan = planFleet(fleet, state.registry, project.stack, CATALOGUE);
  return reportOf(plan, effectsOf(plan, state));
}
