import { readFileSync, writeFileSync } from "node:fs";
import { z } from "zod";
import { planFleet } from "../../fleet/plan.ts";
import { renderPlanPage } from "../../fleet/render/plan-page.ts";
import { renderPlanText } from "../../fleet/render/plan-text.ts";
import { reportOf } from "../../fleet/report.ts";
import type { Registry } from "../../fleet/slots.ts";
import { CATALOGUE } from "../../stacks/catalogue.ts";
import { type StateResource, stateOf } from "../../stacks/state.ts";
import type { Terminal } from "../engine.ts";
import { readFleet } from "../fleet-config.ts";
import { fileBackend, hasFileBackend, type Project } from "../project.ts";
import { UserError } from "../user-error.ts";

export interface PlanOptions {
  readonly json: boolean;
  readonly html?: string;
  readonly state?: string;
}

const exported = z.object({
  deployment: z.object({
    resources: z
      .array(z.object({ urn: z.string(), type: z.string(), outputs: z.unknown().optional() }))
      .default([]),
  }),
});

function readExport(file: string): StateResource[] {
  try {
    return exported.parse(JSON.parse(readFileSync(file, "utf8"))).deployment.resources;
  } catch (error) {
    throw new UserError(
      `${file} cannot be read as a stack's state (${(error as Error).message}). Write it by: pulumi stack export --file ${file}`,
    );
  }
}

/** Reads no secret, so that a plan needs no passphrase. */
function registryOf(project: Project, file: string | undefined, { log }: Terminal): Registry {
  if (file !== undefined) return stateOf(readExport(file)).registry;
  if (!hasFileBackend(project)) {
    log(
      `The state in ${project.backendUrl} is not read here, so this plan begins from nothing. To plan from what exists: pulumi stack export --stack ${project.stack} --file state.json, then --state state.json`,
    );
    return stateOf([]).registry;
  }
  const backend = fileBackend(project);
  if (backend.hasJournal()) {
    log("A run of this stack is under way or was interrupted: what it has made so far is not in this plan.");
  }
  return stateOf(backend.sealedResources()).registry;
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
