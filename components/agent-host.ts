import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { DockerEngine } from "../fleet/engines.ts";
import type { HostPlan } from "../fleet/plan.ts";
import { BACK_DOOR, FRONT_DOOR, openDoor } from "./door.ts";

export interface AgentHostArgs {
  /** What the plan decided. */
  readonly plan: HostPlan;
  readonly engine: DockerEngine;
  /** By a loader's name: what changes when its last load failed. */
  readonly retries: Readonly<Record<string, string>>;
}

/**
 * A machine that agents live on: the Docker engine that its agents are made with, and the two doors that they share.
 *
 * The doors are the host's because they must outlive every agent: their containers are made once, and the agents' coming
 * and going only changes what they are configured with.
 */
export class AgentHost extends pulumi.ComponentResource {
  /** Passed on to everything that lives on this host. */
  readonly provider: docker.Provider;
  /** Settles when both doors run by the plan's configuration. */
  readonly doors: pulumi.Output<readonly string[]>;

  constructor(
    name: string,
    { plan, engine, retries }: AgentHostArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("agent-fleet:index:AgentHost", name, { address: engine.address }, opts);
    this.provider = new docker.Provider(
      name,
      {
        host: engine.address,
        ...(engine.sshOptions.length === 0 ? {} : { sshOpts: [...engine.sshOptions] }),
      },
      { parent: this },
    );
    const child = { parent: this, provider: this.provider };
    const labels = plan.labels;
    this.doors = pulumi.all([
      openDoor(
        `${name}-front-door`,
        FRONT_DOOR,
        plan.frontDoor,
        { labels, retry: retries[plan.frontDoor.loader] },
        child,
      ),
      openDoor(
        `${name}-back-door`,
        BACK_DOOR,
        plan.backDoor,
        { labels, retry: retries[plan.backDoor.loader] },
        child,
      ),
    ]);
    this.registerOutputs({ address: engine.address });
  }
}
