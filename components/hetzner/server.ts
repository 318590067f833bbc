import * as hcloud from "@pulumi/hcloud";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { DockerConnection } from "../../fleet/hosts/connection.ts";
import { VERIFICATION_MARK } from "../../fleet/hosts/hetzner/first-boot/script.ts";
import { serverConnection, serverLogin } from "../../fleet/hosts/hetzner/group.ts";
import type { HetznerServerPlan } from "../../fleet/hosts/hetzner/server.ts";
import { zoneOf } from "../../fleet/hosts/hetzner/zones.ts";
import { cloudName, LOGICAL } from "../../fleet/names.ts";
import type { Machine } from "../agent-host.ts";
import { observeServer } from "./facts.ts";
import { publicKeyOf } from "./host-key.ts";
import { type HetznerProject, idOf } from "./project.ts";

export interface HetznerServerArgs {
  /** What the plan decided. */
  readonly plan: HetznerServerPlan;
  readonly project: HetznerProject;
}

/**
 * A server at Hetzner, and what outlives it: its address, and the volume with its agents' data.
 *
 * A server is what the provider can take away, so nothing irreplaceable is on it, and what is created on it is created
 * again when it is replaced.
 */
export class HetznerServer extends pulumi.ComponentResource implements Machine {
  readonly resource: hcloud.Server;
  /** Public, and kept when the server is replaced. */
  readonly address: pulumi.Output<string>;
  /** Known once Docker answers there. Rejected, with the reason, where it does not in time. */
  readonly connection: pulumi.Output<DockerConnection>;
  /** Of Docker on it, when it was last found ready. */
  readonly dockerVersion: pulumi.Output<string>;

  constructor(name: string, args: HetznerServerArgs, opts?: pulumi.ComponentResourceOptions) {
    const { plan, project } = args;
    const { serverType, location, volumeGb } = plan;
    super("agent-fleet:index:HetznerServer", name, { serverType, location, volumeGb }, opts);
    // Hetzner's own protection alone would refuse too late: by then volume and network are detached, and the server is off.
    const child = { parent: this, provider: project.provider, protect: plan.isProtected };
    const address = createAddress(name, plan, child);
    const { key: verificationKey, sshKey } = createVerificationKey(name, plan, this, child);
    this.resource = createServer(name, args, { address, sshKey }, child);
    const attachments = attach(name, args, this.resource, child);
    this.address = address.ipAddress;
    // Not a secret, although it is derived from one.
    const facts = pulumi.unsecret(
      pulumi
        // The attachments are waited for because the first boot waits for the volume; their ids are not used.
        .all([this.resource.id, this.address, verificationKey, pulumi.all(attachments)] as const)
        .apply(([server, ip, key]) => observeServer(name, plan, { server, ip, verificationKey: key })),
    );
    new pulumi.Stash(LOGICAL.facts(name), { input: facts }, { parent: this, replaceOnChanges: ["input"] });
    this.dockerVersion = facts.docker;
    this.connection = pulumi
      .all([this.address, facts])
      .apply(([ip, { hostKey }]) => serverConnection(plan.sshAddress ?? ip, serverLogin(plan.key, hostKey)));
    this.registerOutputs({ address: this.address });
  }
}

const createAddress = (
  name: string,
  { physicalName, location, isProtected, labels }: HetznerServerPlan,
  child: pulumi.CustomResourceOptions,
): hcloud.PrimaryIp =>
  new hcloud.PrimaryIp(
    name,
    { name: physicalName, type: "ipv4", location, autoDelete: false, deleteProtection: isProtected, labels },
    child,
  );

/** Random, so that only this server knows it; a key by its form alone, because a server receives keys besides its user data. */
function createVerificationKey(
  name: string,
  { physicalName, labels }: HetznerServerPlan,
  parent: pulumi.Resource,
  child: pulumi.CustomResourceOptions,
): { key: pulumi.Output<string>; sshKey: hcloud.SshKey } {
  const logicalName = LOGICAL.verificationKey(name);
  const seed = new random.RandomBytes(logicalName, { length: 32 }, { parent });
  const key = seed.base64.apply(publicKeyOf);
  const sshKey = new hcloud.SshKey(
    logicalName,
    {
      name: cloudName(`${physicalName}-key`),
      publicKey: pulumi.interpolate`${key} ${VERIFICATION_MARK}`,
      labels,
    },
    { ...child, protect: false },
  );
  return { key, sshKey };
}

function createServer(
  name: string,
  { plan, project }: HetznerServerArgs,
  { address, sshKey }: { address: hcloud.PrimaryIp; sshKey: hcloud.SshKey },
  child: pulumi.CustomResourceOptions,
): hcloud.Server {
  const firewall = project.firewalls.get(plan.group);
  const placementGroup = project.placementGroups.get(plan.placementGroup);
  const subnet = project.subnets.get(zoneOf(plan.location) ?? "");
  return new hcloud.Server(
    name,
    {
      name: plan.physicalName,
      serverType: plan.serverType,
      location: plan.location,
      image: plan.image,
      userData: plan.userData,
      sshKeys: [sshKey.id],
      publicNets: [{ ipv4Enabled: true, ipv4: idOf(address), ipv6Enabled: false }],
      ...(firewall === undefined ? {} : { firewallIds: [idOf(firewall)] }),
      ...(placementGroup === undefined ? {} : { placementGroupId: idOf(placementGroup) }),
      // A larger disk could never be made smaller again, and neither could the type. Agents' data is on the volume.
      keepDisk: true,
      shutdownBeforeDeletion: true,
      deleteProtection: plan.isProtected,
      rebuildProtection: plan.isProtected,
      labels: plan.labels,
    },
    {
      ...child,
      // So that it is deleted before the subnet is.
      dependsOn: subnet === undefined ? [] : [subnet],
      // Its name and its address can be one server's only.
      deleteBeforeReplace: true,
      // Read at the first boot only: a change of these would replace the machine.
      ignoreChanges: ["image", "userData", "sshKeys"],
    },
  );
}

/** Attaches the data volume and the private network. Returns the ids of what the first boot waits for. */
function attach(
  name: string,
  { plan, project }: HetznerServerArgs,
  server: hcloud.Server,
  child: pulumi.CustomResourceOptions,
): pulumi.Output<string>[] {
  // Detached with the server, and not before it: a volume would be pulled out of a running system.
  const withServer = { ...child, deletedWith: server, deleteBeforeReplace: true };
  const attachments =
    plan.dataVolume === undefined ? [] : [attachVolume(name, plan, server, child, withServer)];
  const subnet = project.subnets.get(zoneOf(plan.location) ?? "");
  if (subnet !== undefined) {
    new hcloud.ServerNetwork(
      name,
      { serverId: idOf(server), subnetId: subnet.id },
      // A server takes one change at a time.
      { ...withServer, dependsOn: attachments },
    );
  }
  return attachments.map(({ id }) => id);
}

function attachVolume(
  name: string,
  { dataVolume, volumeGb, location, labels }: HetznerServerPlan,
  server: hcloud.Server,
  child: pulumi.CustomResourceOptions,
  withServer: pulumi.CustomResourceOptions,
): hcloud.VolumeAttachment {
  const volume = new hcloud.Volume(
    LOGICAL.data(name),
    {
      name: dataVolume,
      location,
      size: volumeGb,
      format: "ext4",
      // Tenants' data outlives everything else: it is deleted by hand only.
      deleteProtection: true,
      labels,
    },
    { ...child, retainOnDelete: true },
  );
  return new hcloud.VolumeAttachment(
    LOGICAL.data(name),
    { volumeId: idOf(volume), serverId: idOf(server), automount: false },
    withServer,
  );
}
