import * as pulumi from "@pulumi/pulumi";
import type { DockerAgentPlan } from "../fleet/docker/types.ts";

export interface TenantRouteArgs {
  /** What the plan decided. */
  readonly plan: DockerAgentPlan;
}

/**
 * How a tenant's agent is reached: its public name, and the loopback port for tunnels.
 *
 * The host's ingress serves all routes from one configuration, so a route has no container of its own; it is a resource so
 * that a preview names the one route that changes next to the configuration that changes with it. The agent's DNS record,
 * where it needs one, is its child.
 */
export class TenantRoute extends pulumi.ComponentResource {
  constructor(name: string, { plan }: TenantRouteArgs, opts?: pulumi.ComponentResourceOptions) {
    super(
      "agent-fleet:index:TenantRoute",
      name,
      {
        url: plan.url,
        host: plan.host,
        access: plan.access,
        loopbackPort: plan.loopbackPort,
        upstream: plan.enabled ? plan.network.agent : "disabled",
      },
      opts,
    );
    this.registerOutputs({ url: plan.url });
  }
}
