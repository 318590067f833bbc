import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { Repairs } from "../fleet/docker/drift.ts";
import type { DockerHostPlan } from "../fleet/docker/types.ts";
import type { DockerConnection } from "../fleet/hosts/connection.ts";
import { LOGICAL } from "../fleet/names.ts";
import { boundTo, type LifecycleBinding, labelList, repairLabel } from "./container-profile.ts";
import { type Credentials, createHostService } from "./host-service.ts";

/** The machine of a host, where this program creates it. */
export interface Machine {
  /** What everything on the machine is replaced and deleted with. */
  readonly resource: pulumi.Resource;
  readonly connection: pulumi.Output<DockerConnection>;
}

export interface AgentHostArgs {
  /** What the plan decided. */
  readonly plan: DockerHostPlan;
  /** Undefined for a host that exists already. */
  readonly machine: Machine | undefined;
  /** The id of its Docker daemon, where it was found. */
  readonly daemon: string | undefined;
  /** Of its services' objects. */
  readonly repairs: Repairs;
  readonly credentials: Credentials;
}

/**
 * A machine that agents are placed on: the Docker daemon that their containers are created with, and the services that
 * they share.
 *
 * The services belong to the host because they must outlive every agent: their containers are created once, and adding or
 * removing an agent only changes their configuration.
 */
export class AgentHost extends pulumi.ComponentResource {
  /** For everything that is created on this host. */
  readonly provider: docker.Provider;
  readonly connection: pulumi.Output<DockerConnection>;
  readonly binding: LifecycleBinding;

  constructor(name: string, args: AgentHostArgs, opts?: pulumi.ComponentResourceOptions) {
    const { plan, machine } = args;
    const { offer } = plan;
    super(
      "agent-fleet:index:AgentHost",
      name,
      offer === undefined
        ? { address: plan.connection?.address }
        : { serverType: offer.serverType, location: offer.location },
      opts,
    );
    this.connection = connectionOf(plan, machine);
    this.binding = boundTo(machine?.resource);
    this.provider = new docker.Provider(
      name,
      {
        host: this.connection.address,
        ...(plan.connection?.certificates === undefined ? {} : { certPath: plan.connection.certificates }),
        ...(machine === undefined && plan.connection?.sshOptions.length === 0
          ? {}
          : { sshOpts: this.connection.sshOptions.apply((options) => [...options]) }),
      },
      { parent: this },
    );
    createServices(name, args, { parent: this, provider: this.provider, ...this.binding });
    // The next run refuses to create the host's objects a second time at another daemon.
    this.registerOutputs({
      address: this.connection.address,
      ...(args.daemon === undefined ? {} : { daemon: args.daemon }),
    });
  }
}

function connectionOf(
  { name, connection }: DockerHostPlan,
  machine: Machine | undefined,
): pulumi.Output<DockerConnection> {
  if (machine !== undefined) return machine.connection;
  if (connection === undefined) throw new TypeError(`${name} has neither a daemon nor a machine`);
  return pulumi.output(connection);
}

function createServices(
  name: string,
  { plan, repairs, credentials }: AgentHostArgs,
  child: pulumi.CustomResourceOptions,
): void {
  const { labels, services } = plan;
  const shared = new Map(
    services.flatMap(({ sharedVolumes }) => sharedVolumes.map((each) => [each.name, each])),
  );
  const sharedVolumes = new Map(
    [...shared].map(([volume, { object }]) => [
      volume,
      new docker.Volume(
        LOGICAL.sharedVolume(name, volume),
        {
          name: object,
          labels: labelList({
            ...labels,
            ...repairLabel(repairs, "volume", LOGICAL.sharedVolume(name, volume)),
          }),
        },
        { ...child, deleteBeforeReplace: true },
      ),
    ]),
  );
  for (const service of services) {
    createHostService(name, { plan: service, labels, repairs, credentials, sharedVolumes }, child);
  }
}
