import * as pulumi from "@pulumi/pulumi";
import { forStack } from "../fleet/commands.ts";
import { parseStack } from "../fleet/config/parse.ts";
import { FleetError } from "../fleet/config/problem.ts";
import { findDrift } from "../fleet/docker/drift.ts";
import { planFleet } from "../fleet/plan-fleet.ts";
import { CATALOGUE } from "./catalogue.ts";
import { readConfig } from "./config.ts";
import { missingCredentials } from "./credentials.ts";
import { deployFleet, type FleetOutputs } from "./deploy.ts";
import { viewFleet } from "./reality.ts";
import { readState } from "./registry.ts";

/** Read, parse, plan, deploy. */
export async function main(): Promise<FleetOutputs> {
  try {
    const config = readConfig();
    const { fleet, secrets } = parseStack(config);
    const state = await readState();
    // A preview needs none, so that anyone can look.
    if (!pulumi.runtime.isDryRun()) {
      const missing = missingCredentials(fleet, config.access, process.env);
      if (missing.length > 0) throw new FleetError(missing);
    }
    const plan = planFleet(fleet, state.registry, config.stack, CATALOGUE);
    const report = findDrift(plan, state, await viewFleet(fleet, state, config.stack));
    return deployFleet(plan, secrets, config.access, state, report);
  } catch (error) {
    if (!(error instanceof FleetError)) throw error;
    // A RunError is printed without a stack trace: the mistake is in the YAML, not in this program.
    const reported = new pulumi.RunError(forStack(error.message, pulumi.getStack()));
    // Pulumi renders the trace all the same before it drops it, which keeps Node 20 busy for a quarter of a minute.
    reported.stack = "";
    throw reported;
  }
}
