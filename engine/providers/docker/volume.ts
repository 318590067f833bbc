import { NOT_FOUND, unlessStatus } from "docker-connection";
import type { ResourceProvider } from "../resource-provider.ts";
import { dockerFor } from "./connection.ts";
import { labelMap } from "./labels.ts";

/** Docker answers the creation of an existing volume with that volume, so one whose deletion was skipped is found again. */
export const volume: ResourceProvider = {
  inputs: { name: "replace", labels: "replace" },
  async create(inputs, configuration) {
    const name = String(inputs["name"]);
    const docker = dockerFor(configuration);
    await docker.createVolume({ Name: name, Labels: labelMap(inputs["labels"]) });
    const created = await docker.getVolume(name).inspect();
    return {
      id: created.Name,
      outputs: {
        cluster: null,
        driver: created.Driver,
        driverOpts: null,
        id: created.Name,
        labels: inputs["labels"] ?? [],
        mountpoint: created.Mountpoint,
        name: created.Name,
      },
    };
  },
  async delete({ id }, configuration) {
    await unlessStatus([NOT_FOUND], () => dockerFor(configuration).getVolume(id).remove());
  },
};
