import { NOT_FOUND, unlessStatus } from "docker-connection";
import type { Properties, Value } from "../../values.ts";
import type { ResourceProvider } from "../resource-provider.ts";
import { dockerFor } from "./connection.ts";
import { objectsIn, textIn, textMapIn } from "./inputs.ts";
import { isOurs, labelMap } from "./labels.ts";

const outputsOf = (inputs: Properties, id: string, driver: string, scope: string): Properties => ({
  attachable: false,
  driver,
  id,
  ingress: false,
  internal: inputs["internal"] ?? false,
  ipamConfigs: objectsIn(inputs["ipamConfigs"]).map(
    ({ subnet = "", gateway = "", auxAddress = null }): Value => ({
      auxAddress,
      gateway,
      ipRange: "",
      subnet,
    }),
  ),
  ipamDriver: "default",
  ipamOptions: null,
  ipv6: false,
  labels: inputs["labels"] ?? [],
  name: inputs["name"] ?? "",
  // Without this empty map the CLI's next preview replaces the network, and every container on it.
  options: {},
  scope,
});

function ipamConfigOf({ subnet, gateway, auxAddress }: Properties): object {
  const addresses = textMapIn(auxAddress);
  return {
    ...(textIn(subnet) === undefined ? {} : { Subnet: subnet }),
    ...(textIn(gateway) === undefined ? {} : { Gateway: gateway }),
    ...(addresses === undefined ? {} : { AuxiliaryAddresses: addresses }),
  };
}

export const network: ResourceProvider = {
  inputs: {
    name: "replace",
    internal: "replace",
    ipamConfigs: "replace",
    ipamDriver: "replace",
    labels: "replace",
  },
  defaults: { ipamDriver: "default", internal: false },
  async create(inputs, configuration) {
    const { id } = await dockerFor(configuration).createNetwork({
      Name: String(inputs["name"]),
      CheckDuplicate: true,
      Internal: inputs["internal"] === true,
      Labels: labelMap(inputs["labels"]),
      IPAM: {
        Driver: "default",
        Config: objectsIn(inputs["ipamConfigs"]).map(ipamConfigOf),
      },
    });
    return { id, outputs: outputsOf(inputs, id, "bridge", "local") };
  },
  async cleanUp(inputs, configuration) {
    const docker = dockerFor(configuration);
    const filters = JSON.stringify({ name: [`^${String(inputs["name"])}$`] });
    for (const { Id, Labels } of await docker.listNetworks({ filters })) {
      if (isOurs(Labels, inputs)) await unlessStatus([NOT_FOUND], () => docker.getNetwork(Id).remove());
    }
  },
  async delete({ id }, configuration) {
    await unlessStatus([NOT_FOUND], () => dockerFor(configuration).getNetwork(id).remove());
  },
};
