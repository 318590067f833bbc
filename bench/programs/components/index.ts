/** The cells in the fleet's own style: a component for each, and the profile shared. */
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import {
  DELETED_BEFORE_REPLACED,
  HARDENED,
  labelList,
  memoryLimit,
} from "../../../components/container-profile.ts";
import { processLimitHook } from "../../../components/process-limit.ts";
import { type Cell, cellsOf, DOCKER, IMAGE, MEMORY_MB, PIDS, TMPFS } from "../cell.ts";

class IsolatedCell extends pulumi.ComponentResource {
  readonly token: pulumi.Output<string>;

  constructor(cell: Cell, opts?: pulumi.ComponentResourceOptions) {
    super("agent-fleet:index:IsolatedCell", cell.name, { address: cell.address }, opts);
    const child = { parent: this };
    const labels = labelList(cell.labels);
    const token = new random.RandomBytes(`${cell.name}-token`, { length: 16 }, child);
    const network = new docker.Network(
      `${cell.name}-network`,
      {
        name: cell.name,
        internal: true,
        ipamConfigs: [{ subnet: cell.subnet, gateway: cell.bridge }],
        labels,
      },
      { ...child, deleteBeforeReplace: true },
    );
    const volume = new docker.Volume(
      `${cell.name}-data`,
      { name: cell.name, labels },
      { ...child, deleteBeforeReplace: true },
    );
    new docker.Container(
      `${cell.name}-gateway`,
      {
        ...HARDENED,
        ...memoryLimit(MEMORY_MB),
        name: cell.name,
        image: IMAGE,
        entrypoints: ["sleep"],
        command: ["86400"],
        envs: [pulumi.interpolate`TOKEN=${token.hex}`],
        tmpfs: TMPFS,
        networkMode: "bridge",
        networksAdvanced: [{ name: network.id, ipv4Address: cell.address }],
        volumes: [{ volumeName: volume.name, containerPath: "/data" }],
        labels,
      },
      {
        ...child,
        ...DELETED_BEFORE_REPLACED,
        hooks: { afterCreate: [processLimitHook(cell.name, { address: DOCKER, sshOptions: [] }, PIDS)] },
      },
    );
    this.token = token.hex;
    this.registerOutputs({ address: cell.address });
  }
}

const count = new pulumi.Config().requireNumber("count");
const providers = [new docker.Provider("docker", { host: DOCKER }), new random.Provider("random")];
for (const cell of cellsOf(pulumi.getStack(), count)) new IsolatedCell(cell, { providers });
