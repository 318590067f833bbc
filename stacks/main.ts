import * as pulumi from "@pulumi/pulumi";
import { forStack } from "../fleet/commands.ts";
import { parseStack } from "../fleet/config/parse.ts";
import { FleetError, type Problem, renderProblem } from "../fleet/config/problem.ts";
import { needlesslyAccepted } from "../fleet/docker/capabilities.ts";
import { findConflicts } from "../fleet/docker/conflicts.ts";
import { findDrift } from "../fleet/docker/drift.ts";
import { earlierData } from "../fleet/docker/earlier-data.ts";
import { planFleet } from "../fleet/plan-fleet.ts";
import { CATALOGUE } from "./catalogue.ts";
import { readConfig } from "./config.ts";
import { missingCredentials } from "./credentials.ts";
import { deployFleet, type FleetOutputs } from "./deploy.ts";
import { observeFleet } from "./observe-fleet.ts";
import { readState } from "./registry.ts";

/** A preview warns of conflicts. @throws FleetError in an update */
function refuse(conflicts: readonly Problem[]): void {
  if (conflicts.length === 0) return;
  if (!pulumi.runtime.isDryRun()) throw new FleetError(conflicts);
  void pulumi.log.warn(`An update would be refused:\n${conflicts.map(renderProblem).join("\n")}`);
}

/** Read, parse, plan, observe, deploy. */
export async function main(): Promise<FleetOutputs> {
  try {
    const config = readConfig();
    const { fleet, secrets } = parseStack(config);
    const state = await readState();
    // A preview needs none, so that it runs without credentials.
    if (!pulumi.runtime.isDryRun()) {
      const missing = missingCredentials(fleet, config.access, process.env);
      if (missing.length > 0) throw new FleetError(missing);
    }
    const plan = planFleet(fleet, state.registry, config.stack, CATALOGUE);
    const observations = config.observesHosts ? await observeFleet(fleet, state, config.stack) : new Map();
    refuse(findConflicts(plan, state, observations));
    const accepted = plan.hosts.flatMap((host) => {
      const inventory = observations.get(host.name)?.inventory;
      return inventory === undefined ? [] : needlesslyAccepted(host, inventory);
    });
    for (const notice of [...accepted, ...earlierData(plan.agents, state.registry, observations)]) {
      void pulumi.log.warn(forStack(notice, config.stack));
    }
    return deployFleet(
      plan,
      secrets,
      config.access,
      state,
      findDrift(plan, state, observations),
      observations,
    );
  } catch (error) {
    if (!(error instanceof FleetError)) throw error;
    // A RunError is printed without a stack trace: the mistake is in the YAML, not in this program.
    const reported = new pulumi.RunError(forStack(error.message, pulumi.getStack()));
    // Pulumi renders the trace all the same before it drops it, which keeps Node 20 busy for a quarter of a minute.
    reported.stack = "";
    throw reported;
  }
}
