import { NOT_FOUND, unlessStatus } from "docker-connection";
import type Docker from "dockerode";
import { equal, type Properties, type Value } from "../../values.ts";
import type { ResourceProvider } from "../resource-provider.ts";
import { dockerFor } from "./connection.ts";
import { objectsIn, textIn, textMapIn } from "./inputs.ts";
import { hasIdentity, isOurs, labelMap, labelPairs } from "./labels.ts";

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

const named = (docker: Docker, inputs: Properties): Promise<Docker.NetworkInspectInfo[]> =>
  docker.listNetworks({ filters: JSON.stringify({ name: [`^${String(inputs["name"])}$`] }) });

const isIpv4 = ({ Subnet }: { readonly Subnet?: string | undefined }): boolean =>
  Subnet?.includes(":") !== true;

/** Its inputs as they are. A daemon may have added a subnet of IPv6. */
const actualInputs = ({ Internal, IPAM, Labels }: Docker.NetworkInspectInfo): Properties => ({
  internal: Internal,
  labels: labelPairs(Labels),
  ipamConfigs: (IPAM?.Config ?? []).filter(isIpv4).map(({ Subnet, Gateway, AuxiliaryAddresses }): Value => {
    // Its type leaves out that it may be null, and what it holds.
    const auxAddress = textMapIn({ ...(AuxiliaryAddresses as Record<string, string> | null | undefined) });
    return {
      ...(Subnet === undefined ? {} : { subnet: Subnet }),
      ...(Gateway === undefined ? {} : { gateway: Gateway }),
      ...(Object.keys(auxAddress ?? {}).length === 0 ? {} : { auxAddress: auxAddress ?? {} }),
    };
  }),
});

/** Labels are the same in any order. */
const comparable = (key: string, value: Value | undefined): Value | undefined =>
  key === "labels" ? labelMap(value) : value;

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
  async find(sought, configuration) {
    const { inputs } = sought;
    const all = await named(dockerFor(configuration), inputs);
    const found = all.find(({ Labels }) => hasIdentity(Labels, sought));
    if (found === undefined) return undefined;
    const differing = Object.fromEntries(
      Object.entries(actualInputs(found)).filter(
        ([key, actual]) => !equal(comparable(key, actual), comparable(key, inputs[key])),
      ),
    );
    const outputs = outputsOf({ ...inputs, ...differing }, found.Id, found.Driver, found.Scope);
    return { id: found.Id, outputs, differing };
  },
  async cleanUp(inputs, configuration) {
    const docker = dockerFor(configuration);
    for (const { Id, Labels } of await named(docker, inputs)) {
      if (isOurs(Labels, inputs)) await unlessStatus([NOT_FOUND], () => docker.getNetwork(Id).remove());
    }
  },
  async delete({ id }, configuration) {
    await unlessStatus([NOT_FOUND], () => dockerFor(configuration).getNetwork(id).remove());
  },
};
