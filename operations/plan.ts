import { planFleet } from "../fleet/plan-fleet.ts";
import { type PlanReport, reportOf } from "../report/report.ts";
import { CATALOGUE } from "../stacks/catalogue.ts";
import type { Log } from "../system/terminal.ts";
import type { Project } from "../workspace/project.ts";
import { readCheckedFleet } from "./fleet-config.ts";
import { registryFor } from "./plan-input.ts";

/** @param stateFile an export that takes the place of the stack's own state */
export function planStack(project: Project, stateFile: string | undefined, log: Log): PlanReport {
  const fleet = readCheckedFleet(project);
  const registry = registryFor(project, stateFile, log);
  return reportOf(planFleet(fleet, registry, project.stack, CATALOGUE));
}
