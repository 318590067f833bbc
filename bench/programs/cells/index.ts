/** The flat program that a person would write: no component, one resource after the other. */
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { processLimitHook } from "../../../components/process-limit.ts";
import { cellsOf, DOCKER, IMAGE, MEMORY_MB, PIDS, TMPFS } from "../cell.ts";

const count = new pulumi.Config().requireNumber("count");
const host = new docker.Provider("docker", { host: DOCKER });
const randomness = new random.Provider("random");

for (const cell of cellsOf(pulumi.getStack(), count)) {
  const labels = Object.entries(cell.labels).map(([label, value]) => ({ label, value }));
  const token = new random.RandomBytes(cell.name, { length: 16 }, { provider: randomness });
  const network = new docker.Network(
    cell.name,
    {
      name: cell.name,
      internal: true,
      ipamConfigs: [{ subnet: cell.subnet, gateway: cell.bridge }],
      labels,
    },
    { provider: host },
  );
  const volume = new docker.Volume(cell.name, { name: cell.name, labels }, { provider: host });
  new docker.Container(
    cell.name,
    {
      name: cell.name,
      image: IMAGE,
      entrypoints: ["sleep"],
      command: ["86400"],
      envs: [pulumi.interpolate`TOKEN=${token.hex}`],
      capabilities: { drops: ["ALL"] },
      securityOpts: ["no-new-privileges"],
      readOnly: true,
      init: true,
      tmpfs: TMPFS,
      memory: MEMORY_MB,
      memorySwap: MEMORY_MB,
      logDriver: "json-file",
      logOpts: { "max-file": "3", "max-size": "10m" },
      restart: "unless-stopped",
      networkMode: "bridge",
      networksAdvanced: [{ name: network.id, ipv4Address: cell.address }],
      volumes: [{ volumeName: volume.name, containerPath: "/data" }],
      labels,
    },
    {
      provider: host,
      deleteBeforeReplace: true,
      hooks: { afterCreate: [processLimitHook(cell.name, { address: DOCKER, sshOptions: [] }, PIDS)] },
    },
  );
}
