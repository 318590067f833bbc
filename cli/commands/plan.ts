import { writeFileSync } from "node:fs";
import { planFleet } from "../../fleet/plan/plan.ts";
import { renderPlanPage } from "../../report/page.ts";
import { renderPlanText } from "../../report/text.ts";
import { reportOf } from "../../report/report.ts";
import { EMPTY_REGISTRY, type Registry } from "../../fleet/placement/slots.ts";
import { CATALOGUE } from "../../stacks/catalogue.ts";
import type { Terminal } from "../../workspace/engine.ts";
import { readFleet } from "../../operations/fleet-config.ts";
import { readExport, registryOfExport, registryOfStack } from "../../operations/plan-input.ts";
import { hasFileBackend, type Project } from "../../workspace/project.ts";

export interface PlanOptions {
  readonly json: boolean;
  readonly html?: string;
  readonly state?: string;
}

function registryOf(project: Project, file: string | undefined, terminal: Terminal): Registry {
  if (file !== undefined) return registryOfExport(readExport(file));
  if (!hasFileBackend(project)) {
    terminal.log(
      `The state in ${project.backendUrl} is not read here, so this plan begins from nothing. To plan from what exists: pulumi stack export --stack ${project.stack} --file state.json, then --state state.json`,
    );
  }
  return registryOfStack(project, terminal) ?? EMPTY_REGISTRY;
}

export function planCommand(
  project: Project,
  { json, html, state }: PlanOptions,
  terminal: Terminal,
): boolean {
  const fleet = readFleet(project);
  const registry = registryOf(project, state, terminal);
  const report = reportOf(planFleet(fleet, registry, project.stack, CATALOGUE));
  if (html !== undefined) {
    writeFileSync(html, renderPlanPage(report));
    terminal.log(`The page is in ${html}.`);
  }
  if (json) terminal.print(JSON.stringify(report, null, 2));
  else if (html === undefined) terminal.print(renderPlanText(report));
  return true;
}
