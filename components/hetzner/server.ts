import * as hcloud from "@pulumi/hcloud";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { type DockerEngine, rentedEngine, rentedLogin } from "../../fleet/hosts/connection.ts";
import { INTRODUCTION } from "../../fleet/hosts/hetzner/first-boot/script.ts";
import { type RentedServerPlan, zoneOf } from "../../fleet/hosts/hetzner/server.ts";
import type { Identity } from "../../fleet/placement/slots.ts";
import { publicKeyOf } from "./host-key.ts";
import { awaitReady } from "./readiness.ts";
import { HostError } from "../host-error.ts";
import { idOf, type RentedSite } from "./project.ts";

export interface RentedServerArgs {
  /** What the plan decided. */
  readonly plan: RentedServerPlan;
  readonly site: RentedSite;
}

/**
 * A server at Hetzner, and what outlives it: its address, and the volume with its agents' data.
 *
 * A server is what the provider can take away; so nothing that anybody would miss is on it, and what is made on it is made
 * again when it is replaced.
 */
export class RentedServer extends pulumi.ComponentResource {
  readonly server: hcloud.Server;
  /** Public, and kept when the server is replaced. */
  readonly address: pulumi.Output<string>;
  /** Known once Docker answers there. Rejected, with the reason, where it does not in time. */
  readonly engine: pulumi.Output<DockerEngine>;
  /** Of Docker on it, when it was last found ready. */
  readonly dockerVersion: pulumi.Output<string>;

  constructor(name: string, { plan, site }: RentedServerArgs, opts?: pulumi.ComponentResourceOptions) {
    const { serverType, location, volumeGb, labels, physicalName, isProtected } = plan;
    super("agent-fleet:index:RentedServer", name, { serverType, location, volumeGb }, opts);
    // Hetzner's own protection alone would refuse too late: by then volume and network are detached, and the server is off.
    const child = { parent: this, provider: site.provider, protect: isProtected };
    const firewall = site.firewalls.get(plan.group);

    const address = new hcloud.PrimaryIp(
      name,
      {
        name: physicalName,
        type: "ipv4",
        location,
        autoDelete: false,
        deleteProtection: isProtected,
        labels,
      },
      child,
    );
    const unprotected = { ...child, protect: false };
    // Random, so that nobody else knows it; a key by its form alone, because a key is what a server is told beside its user data.
    const seed = new random.RandomBytes(`${name}-introduction`, { length: 32 }, { parent: this });
    const introduction = seed.base64.apply(publicKeyOf);
    const introductionKey = new hcloud.SshKey(
      `${name}-introduction`,
      {
        name: `${physicalName}-introduction`,
        publicKey: pulumi.interpolate`${introduction} ${INTRODUCTION}`,
        labels,
      },
      unprotected,
    );
    const subnet = site.subnets.get(zoneOf(location) ?? "");
    const spread = site.spreads.get(plan.spread);
    this.server = new hcloud.Server(
      name,
      {
        name: physicalName,
        serverType,
        location,
        image: plan.image,
        userData: plan.userData,
        sshKeys: [introductionKey.id],
        publicNets: [{ ipv4Enabled: true, ipv4: idOf(address), ipv6Enabled: false }],
        ...(firewall === undefined ? {} : { firewallIds: [idOf(firewall)] }),
        ...(spread === undefined ? {} : { placementGroupId: idOf(spread) }),
        // A larger disk could never be made smaller again, and so the type neither. What agents keep is on the volume.
        keepDisk: true,
        shutdownBeforeDeletion: true,
        deleteProtection: isProtected,
        rebuildProtection: isProtected,
        labels,
      },
      {
        ...child,
        // So that it is gone before the subnet is.
        dependsOn: subnet === undefined ? [] : [subnet],
        // Its name and its address can be one server's only.
        deleteBeforeReplace: true,
        // Told at the first boot, and never again: a change of these would replace the machine.
        ignoreChanges: ["image", "userData", "sshKeys"],
      },
    );
    // Gone with it, and not before: a volume would be pulled out of a running system.
    const goesWithServer = { ...child, deletedWith: this.server, deleteBeforeReplace: true };
    const attachments =
      plan.dataVolume === undefined ? [] : [this.#attachVolume(name, plan, child, goesWithServer)];
    if (subnet !== undefined) {
      new hcloud.ServerNetwork(
        name,
        { serverId: idOf(this.server), subnetId: subnet.id },
        // A server takes one change at a time.
        { ...goesWithServer, dependsOn: attachments },
      );
    }
    this.address = address.ipAddress;
    // No secret, though it is found out by one.
    const identity = pulumi.unsecret(
      pulumi
        // The last is waited for and not read: the first boot waits for the volume.
        .all([
          this.server.id,
          this.address,
          introduction,
          pulumi.all(attachments.map(({ id }) => id)),
        ] as const)
        .apply(([server, ip, key]) => identify(name, plan, { server, ip, introduction: key })),
    );
    new pulumi.Stash(`${name}-identity`, { input: identity }, { parent: this, replaceOnChanges: ["input"] });
    this.dockerVersion = identity.docker;
    this.engine = pulumi
      .all([this.address, identity])
      .apply(([ip, { hostKey }]) => rentedEngine(plan.sshAddress ?? ip, rentedLogin(plan, hostKey)));
    this.registerOutputs({ address: this.address });
  }

  #attachVolume(
    name: string,
    { dataVolume, volumeGb, location, labels }: RentedServerPlan,
    child: pulumi.CustomResourceOptions,
    goesWithServer: pulumi.CustomResourceOptions,
  ): hcloud.VolumeAttachment {
    const volume = new hcloud.Volume(
      `${name}-data`,
      {
        name: dataVolume,
        location,
        size: volumeGb,
        format: "ext4",
        // Tenants' data outlives everything: whoever wants it gone deletes it by hand.
        deleteProtection: true,
        labels,
      },
      { ...child, retainOnDelete: true },
    );
    return new hcloud.VolumeAttachment(
      `${name}-data`,
      { volumeId: idOf(volume), serverId: idOf(this.server), automount: false },
      goesWithServer,
    );
  }
}

/**
 * What the server is, found out by asking it; or, where nothing about it has changed since it was last asked, remembered: so
 * a run that changes nothing logs in nowhere.
 */
async function identify(
  name: string,
  plan: RentedServerPlan,
  { server, ip, introduction }: { server: string; ip: string; introduction: string },
): Promise<Identity> {
  const { serverType, volumeGb, known } = plan;
  const isSame = known?.server === server;
  if (isSame && known.serverType === serverType && known.volumeGb === volumeGb) return known;
  if (pulumi.runtime.isDryRun()) {
    const unknown = pulumi.unknown as unknown as string;
    const found = isSame ? known : { hostKey: unknown, docker: unknown };
    return { ...found, server, serverType, volumeGb };
  }
  const found = await awaitReady({
    name,
    address: plan.sshAddress ?? ip,
    key: plan.key,
    // A server that was replaced has a new host key, and is introduced again.
    proof: isSame ? { hostKey: known.hostKey } : { introduction },
    withinSeconds: plan.readySeconds,
    log: (text) => void pulumi.log.info(text),
  }).catch((error: Error) => {
    throw new HostError(error.message);
  });
  return { server, serverType, volumeGb, ...found };
}
