import type { ResourceKind } from "../provider.ts";
import { clientOf, GONE, labelMap, unless } from "./client.ts";

/** Making a volume that exists already answers with the existing one, so a volume that was kept is found again. */
export const volume: ResourceKind = {
  inputs: { name: "replace", labels: "replace" },
  async create(inputs, provider) {
    const name = String(inputs["name"]);
    const docker = clientOf(provider);
    await docker.createVolume({ Name: name, Labels: labelMap(inputs["labels"]) });
    const made = await docker.getVolume(name).inspect();
    return {
      id: made.Name,
      outputs: {
        cluster: null,
        driver: made.Driver,
        driverOpts: null,
        id: made.Name,
        labels: inputs["labels"] ?? [],
        mountpoint: made.Mountpoint,
        name: made.Name,
      },
    };
  },
  async delete(id, _outputs, provider) {
    await unless(GONE, () => clientOf(provider).getVolume(id).remove());
  },
};
