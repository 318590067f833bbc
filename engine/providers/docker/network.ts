import type { Properties } from "../../values.ts";
import type { ResourceKind } from "../provider.ts";
import { clientOf, GONE, isOurs, labelMap, unless } from "./client.ts";

interface Ipam {
  readonly subnet?: string;
  readonly gateway?: string;
  readonly auxAddress?: Record<string, string>;
}

const outputsOf = (inputs: Properties, id: string, driver: string, scope: string): Properties => ({
  attachable: false,
  driver,
  id,
  ingress: false,
  internal: inputs["internal"] ?? false,
  ipamConfigs: ((inputs["ipamConfigs"] ?? []) as Properties[]).map(
    ({ subnet = "", gateway = "", auxAddress = null }) => ({
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

export const network: ResourceKind = {
  inputs: {
    name: "replace",
    internal: "replace",
    ipamConfigs: "replace",
    ipamDriver: "replace",
    labels: "replace",
  },
  defaults: { ipamDriver: "default", internal: false },
  async create(inputs, provider) {
    const docker = clientOf(provider);
    const made = await docker.createNetwork({
      Name: String(inputs["name"]),
      CheckDuplicate: true,
      Internal: inputs["internal"] === true,
      Labels: labelMap(inputs["labels"]),
      IPAM: {
        Driver: "default",
        Config: ((inputs["ipamConfigs"] ?? []) as Ipam[]).map(({ subnet, gateway, auxAddress }) => ({
          ...(subnet === undefined ? {} : { Subnet: subnet }),
          ...(gateway === undefined ? {} : { Gateway: gateway }),
          ...(auxAddress === undefined ? {} : { AuxiliaryAddresses: auxAddress }),
        })),
      },
    });
    return { id: made.id, outputs: outputsOf(inputs, made.id, "bridge", "local") };
  },
  async discard(inputs, provider) {
    const docker = clientOf(provider);
    const filters = JSON.stringify({ name: [`^${String(inputs["name"])}$`] });
    for (const { Id, Labels } of await docker.listNetworks({ filters })) {
      if (isOurs(Labels, inputs)) await unless(GONE, () => docker.getNetwork(Id).remove());
    }
  },
  async delete(id, _outputs, provider) {
    await unless(GONE, () => clientOf(provider).getNetwork(id).remove());
  },
};
