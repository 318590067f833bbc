import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { DockerEngine } from "../fleet/hosts/connection.ts";
import type { HostPlan } from "../fleet/plan/plan.ts";
import { DNS_TOKEN } from "../fleet/services/ingress/caddy.ts";
import { PASSAGE } from "../fleet/services/tailnet/serve.ts";
import { EGRESS_PROXY, INGRESS, openDoor, TAILNET } from "./host-service.ts";
import { type LivesOn, labelList, livesOn } from "./container-profile.ts";
import type { RentedServer } from "./hetzner/server.ts";

export interface AgentHostArgs {
  /** What the plan decided. */
  readonly plan: HostPlan;
  /** The machine, where it is rented. */
  readonly server: RentedServer | undefined;
  /** By a loader's name: what changes when its last load failed. */
  readonly retries: Readonly<Record<string, string>>;
  readonly secrets: DoorSecrets;
}

/** What doors must know and no plan may. */
export interface DoorSecrets {
  /** Lets the ingress prove that the domain is its own. */
  readonly dnsToken?: pulumi.Input<string> | undefined;
  /** Lets the tailnet node join the tailnet. */
  readonly tailscaleKey?: pulumi.Input<string> | undefined;
}

/**
 * A machine that agents live on: the Docker engine that its agents are made with, and the doors that they share.
 *
 * The doors are the host's because they must outlive every agent: their containers are made once, and the agents' coming
 * and going only changes what they are configured with.
 */
export class AgentHost extends pulumi.ComponentResource {
  /** Passed on to everything that lives on this host. */
  readonly provider: docker.Provider;
  readonly engine: pulumi.Output<DockerEngine>;
  readonly livesOn: LivesOn;
  /** Settles when all doors run by the plan's configuration. */
  readonly doors: pulumi.Output<readonly string[]>;

  constructor(
    name: string,
    { plan, server, retries, secrets }: AgentHostArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    const { origin } = plan;
    const where =
      origin.kind === "own"
        ? { address: origin.engine.address }
        : { serverType: origin.serverType, location: origin.location };
    super("agent-fleet:index:AgentHost", name, where, opts);
    this.engine = origin.kind === "own" ? pulumi.output(origin.engine) : (server as RentedServer).engine;
    this.livesOn = livesOn(server?.server);
    this.provider = new docker.Provider(
      name,
      {
        host: this.engine.address,
        ...(origin.kind === "own" && origin.engine.sshOptions.length === 0
          ? {}
          : { sshOpts: this.engine.sshOptions.apply((options) => [...options]) }),
      },
      { parent: this },
    );
    const child = { parent: this, provider: this.provider, ...this.livesOn };
    const { labels } = plan;
    const open = (
      part: string,
      kind: Parameters<typeof openDoor>[1],
      door: HostPlan["ingress"],
      environment: readonly pulumi.Input<string>[] = [],
      mounts: readonly docker.types.input.ContainerVolume[] = [],
    ) =>
      openDoor(
        `${name}-${part}`,
        kind,
        door,
        { labels, retry: retries[door.loader], environment, mounts },
        child,
      );
    // What the ingress and the tailnet node meet in, and nothing else is in: neither sees what the other keeps.
    const passage = plan.tailnet && [
      {
        volumeName: new docker.Volume(
          `${name}-passage`,
          { name: plan.tailnet.passage, labels: labelList(labels) },
          { ...child, deleteBeforeReplace: true },
        ).name,
        containerPath: PASSAGE,
      },
    ];
    const { dnsToken, tailscaleKey } = secrets;
    this.doors = pulumi.all([
      open(
        "ingress",
        INGRESS,
        plan.ingress,
        dnsToken === undefined ? [] : [pulumi.interpolate`${DNS_TOKEN}=${dnsToken}`],
        passage,
      ),
      open("egress-proxy", EGRESS_PROXY, plan.egressProxy),
      ...(plan.tailnet === undefined
        ? []
        : [
            open(
              "tailnet",
              TAILNET,
              plan.tailnet,
              [
                `TS_HOSTNAME=${plan.tailnet.node}`,
                ...(plan.tailnet.loginServer === undefined
                  ? []
                  : [`TS_EXTRA_ARGS=--login-server=${plan.tailnet.loginServer}`]),
                ...(tailscaleKey === undefined ? [] : [pulumi.interpolate`TS_AUTHKEY=${tailscaleKey}`]),
              ],
              passage,
            ),
          ]),
    ]);
    this.registerOutputs({ address: this.engine.address });
  }
}
