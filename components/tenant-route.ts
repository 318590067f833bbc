import * as pulumi from "@pulumi/pulumi";
import type { AgentPlan } from "../fleet/plan/plan.ts";

export interface TenantRouteArgs {
  /** What the plan decided. */
  readonly plan: AgentPlan;
}

/**
 * How a tenant's agent is reached: its public name, and the loopback port for tunnels.
 *
 * The host's ingress serves all routes from one configuration, so a route has no container of its own; it is here so
 * that a preview names the one route that changes beside the configuration that changes with it. The agent's DNS record,
 * where it needs one of its own, is its child.
 */
export class TenantRoute extends pulumi.ComponentResource {
  readonly url: pulumi.Output<string>;

  constructor(name: string, { plan }: TenantRouteArgs, opts?: pulumi.ComponentResourceOptions) {
    const route = {
      url: plan.url,
      host: plan.host,
      loopbackPort: plan.loopbackPort,
      upstream: plan.enabled ? plan.room.agent : "switched off",
      // As it was before there was a choice: a route that everybody has is not worth a line in every preview.
      ...(plan.access === "public" ? {} : { access: plan.access }),
    };
    super("agent-fleet:index:TenantRoute", name, route, opts);
    this.url = pulumi.output(plan.url);
    this.registerOutputs({ url: plan.url });
  }
}
