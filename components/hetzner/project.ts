import * as hcloud from "@pulumi/hcloud";
import * as pulumi from "@pulumi/pulumi";
import type { RentedSitePlan } from "../../fleet/hosts/hetzner/server.ts";

export interface RentedSiteArgs {
  /** What the plan decided. */
  readonly plan: RentedSitePlan;
  readonly token: pulumi.Input<string> | undefined;
  /** Another API than Hetzner's own. */
  readonly endpoint: string | undefined;
}

/** An id as other resources take it. */
export const idOf = (resource: pulumi.CustomResource): pulumi.Output<number> => resource.id.apply(Number);

const EVERYBODY = ["0.0.0.0/0", "::/0"];

/** What all of a fleet's rented servers share: the account, the private network, and for each group what is let in from where. */
export class RentedSite extends pulumi.ComponentResource {
  readonly provider: hcloud.Provider;
  /** By group. */
  readonly firewalls: ReadonlyMap<string, hcloud.Firewall>;
  /** By name: the groups of servers that stand apart. */
  readonly spreads: ReadonlyMap<string, hcloud.PlacementGroup>;
  /** By network zone. */
  readonly subnets: ReadonlyMap<string, hcloud.NetworkSubnet>;

  constructor(
    name: string,
    { plan, token, endpoint }: RentedSiteArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("agent-fleet:index:RentedSite", name, { network: plan.network.range }, opts);
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
    const { labels, physicalName } = plan;
    const network = new hcloud.Network(
      name,
      { name: physicalName, ipRange: plan.network.range, labels, deleteProtection: false },
      child,
    );
    this.subnets = new Map(
      Object.entries(plan.network.subnets).map(([networkZone, ipRange]) => [
        networkZone,
        new hcloud.NetworkSubnet(
          `${name}-${networkZone}`,
          { networkId: idOf(network), type: "cloud", networkZone, ipRange },
          child,
        ),
      ]),
    );
    this.spreads = new Map(
      plan.groups
        .flatMap(({ spreads }) => spreads)
        .map((spread) => [
          spread,
          new hcloud.PlacementGroup(
            spread,
            { name: `${physicalName}-${spread}`, type: "spread", labels },
            child,
          ),
        ]),
    );
    this.firewalls = new Map(
      plan.groups.map((group) => {
        const rule = (port: number, sourceIps: readonly string[]) => ({
          direction: "in",
          protocol: "tcp",
          port: String(port),
          sourceIps: [...sourceIps],
        });
        const { sshFrom, ports } = group.firewall;
        const firewall = new hcloud.Firewall(
          group.name,
          {
            name: `${physicalName}-${group.name}`,
            labels,
            rules: [
              ...(sshFrom.length === 0 ? [] : [rule(22, sshFrom)]),
              ...ports.map((port) => rule(port, EVERYBODY)),
            ],
          },
          child,
        );
        return [group.name, firewall];
      }),
    );
    this.registerOutputs({});
  }
}
