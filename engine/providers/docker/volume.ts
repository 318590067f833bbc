import { NOT_FOUND, unlessStatus } from "docker-connection";
import type { VolumeInspectInfo } from "dockerode";
import type { Properties } from "../../values.ts";
import type { CreateResult, ResourceProvider } from "../resource-provider.ts";
import { dockerFor } from "./connection.ts";
import { hasIdentity, labelMap } from "./labels.ts";

const resultOf = (inputs: Properties, { Name, Driver, Mountpoint }: VolumeInspectInfo): CreateResult => ({
  id: Name,
  outputs: {
    cluster: null,
    driver: Driver,
    driverOpts: null,
    id: Name,
    labels: inputs["labels"] ?? [],
    mountpoint: Mountpoint,
    name: Name,
  },
});

/** Docker answers the creation of an existing volume with that volume, so one whose deletion was skipped is found again. */
export const volume: ResourceProvider = {
  inputs: { name: "replace", labels: "replace" },
  async create(inputs, configuration) {
    const name = String(inputs["name"]);
    const docker = dockerFor(configuration);
    await docker.createVolume({ Name: name, Labels: labelMap(inputs["labels"]) });
    return resultOf(inputs, await docker.getVolume(name).inspect());
  },
  /** Its other labels do not count as a difference: they cannot be changed, and a new volume would be empty. */
  async find(sought, configuration) {
    const target = dockerFor(configuration).getVolume(String(sought.inputs["name"]));
    const found = await unlessStatus([NOT_FOUND], () => target.inspect());
    if (found === undefined || !hasIdentity(found.Labels, sought)) return undefined;
    return { ...resultOf(sought.inputs, found), differing: {} };
  },
  async delete({ id }, configuration) {
    await unlessStatus([NOT_FOUND], () => dockerFor(configuration).getVolume(id).remove());
  },
};
