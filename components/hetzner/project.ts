import * as hcloud from "@pulumi/hcloud";
import * as pulumi from "@pulumi/pulumi";
import type { FirewallPlan, HetznerProjectPlan } from "../../fleet/hosts/hetzner/project.ts";

export interface HetznerProjectArgs {
  /** What the plan decided. */
  readonly plan: HetznerProjectPlan;
  readonly token: pulumi.Input<string> | undefined;
  /** Another API than Hetzner's own. */
  readonly endpoint: string | undefined;
}

/** An id as other resources take it. */
export const idOf = (resource: pulumi.CustomResource): pulumi.Output<number> => resource.id.apply(Number);

const EVERYWHERE = ["0.0.0.0/0", "::/0"];

const SSH_PORT = 22;

/** What all of a fleet's servers at Hetzner share: the account, the private network, placement groups and firewalls. */
export class HetznerProject extends pulumi.ComponentResource {
  readonly provider: hcloud.Provider;
  /** By group of servers. */
  readonly firewalls: ReadonlyMap<string, hcloud.Firewall>;
  /** By name. */
  readonly placementGroups: ReadonlyMap<string, hcloud.PlacementGroup>;
  /** By network zone. */
  readonly subnets: ReadonlyMap<string, hcloud.NetworkSubnet>;

  constructor(
    name: string,
    { plan, token, endpoint }: HetznerProjectArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("agent-fleet:index:HetznerProject", name, { network: plan.network.range }, opts);
    this.provider = new hcloud.Provider(
      name,
      {
        ...(token === undefined ? {} : { token }),
        ...(endpoint === undefined ? {} : { endpoint }),
        // Hetzner allows 3600 calls an hour, and waiting for an action counts.
        pollFunction: "exponential",
        pollInterval: "1s",
      },
      { parent: this },
    );
    const child = { parent: this, provider: this.provider };
    const { labels } = plan;
    this.subnets = createNetwork(name, plan, child);
    this.placementGroups = new Map(
      plan.placementGroups.map((group) => [
        group.name,
        new hcloud.PlacementGroup(group.name, { name: group.physicalName, type: "spread", labels }, child),
      ]),
    );
    this.firewalls = new Map(
      plan.firewalls.map((firewall) => [firewall.name, createFirewall(firewall, labels, child)]),
    );
    this.registerOutputs({});
  }
}

function createNetwork(
  name: string,
  { network: plan, labels }: HetznerProjectPlan,
  child: pulumi.CustomResourceOptions,
): Map<string, hcloud.NetworkSubnet> {
  const network = new hcloud.Network(
    name,
    { name: plan.physicalName, ipRange: plan.range, labels, deleteProtection: false },
    child,
  );
  return new Map(
    Object.entries(plan.subnets).map(([networkZone, ipRange]) => [
      networkZone,
      new hcloud.NetworkSubnet(
        `${name}-${networkZone}`,
        { networkId: idOf(network), type: "cloud", networkZone, ipRange },
        child,
      ),
    ]),
  );
}

function createFirewall(
  { name, physicalName, sshFrom, ports }: FirewallPlan,
  labels: HetznerProjectPlan["labels"],
  child: pulumi.CustomResourceOptions,
): hcloud.Firewall {
  const rule = (port: number, sourceIps: readonly string[]) => ({
    direction: "in",
    protocol: "tcp",
    port: String(port),
    sourceIps: [...sourceIps],
  });
  return new hcloud.Firewall(
    name,
    {
      name: physicalName,
      labels,
      rules: [
        ...(sshFrom.length === 0 ? [] : [rule(SSH_PORT, sshFrom)]),
        ...ports.map((port) => rule(port, EVERYWHERE)),
      ],
    },
    child,
  );
}
