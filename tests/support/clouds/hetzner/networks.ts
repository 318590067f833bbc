import { z } from "zod";
import type { Asked, Routes } from "../routes.ts";
import { type Cloud, findAsked, refuseProtected } from "./cloud.ts";
import { labels, name, read } from "./input.ts";
import { page } from "./pages.ts";
import { addressIn, contains, freeAddress, isRange, overlap, within } from "./ranges.ts";
import type { Network, PrivateNet, Server, Subnet } from "./records.ts";
import { invalid, Refusal } from "./refusal.ts";
import { LOCATIONS } from "./sold.ts";
import { networkView } from "./views.ts";

const range = z.string().refine(isRange, "must be an IPv4 network");
const zone = z.enum(LOCATIONS.map(({ network_zone }) => network_zone));
const subnet = z.object({
  type: z.enum(["cloud", "server", "vswitch"]),
  ip_range: range.optional(),
  network_zone: zone,
});
const creation = z.object({
  name,
  ip_range: range,
  subnets: z.array(subnet).default([]),
  labels: labels.optional(),
  expose_routes_to_vswitch: z.boolean().default(false),
});
const update = z.object({
  name: name.optional(),
  labels: labels.optional(),
  expose_routes_to_vswitch: z.boolean().optional(),
});

function addSubnet(network: Network, wanted: z.infer<typeof subnet>): void {
  const ip_range = wanted.ip_range ?? freeSubnet(network);
  if (!within(network.ipRange, ip_range)) throw invalid("ip_range", "is not in the network's");
  if (network.subnets.some((each) => overlap(each.ip_range, ip_range))) {
    throw invalid("ip_range", "overlaps another subnet");
  }
  const { type, network_zone } = wanted;
  network.subnets.push({ type, ip_range, network_zone, gateway: addressIn(network.ipRange, 1) });
}

/** The first /24 that is not in use, as Hetzner chooses where none is named. */
function freeSubnet({ ipRange, subnets }: Network): string {
  for (let index = 0; ; index += 1) {
    const candidate = `${addressIn(ipRange, index * 256)}/24`;
    if (!within(ipRange, candidate)) throw new Refusal("no_subnet_available");
    if (!subnets.some((each) => overlap(each.ip_range, candidate))) return candidate;
  }
}

const inSubnet = ({ id }: Network, { ip_range }: Subnet, { privateNet }: Server): boolean =>
  privateNet.some(({ network, ip }) => network === id && contains(ip_range, ip));

export interface Place {
  readonly ip?: string | undefined;
  readonly ip_range?: string | undefined;
  readonly alias_ips?: readonly string[] | undefined;
}

/** @throws Refusal when the server cannot have such a place in the network */
export function placeIn(cloud: Cloud, network: Network, server: Server, wanted: Place): PrivateNet {
  if (server.privateNet.some((each) => each.network === network.id)) {
    throw new Refusal("server_already_attached", "server is already attached to the network");
  }
  const taken = new Set(
    [...cloud.servers.values()]
      .flatMap(({ privateNet }) => privateNet)
      .filter((each) => each.network === network.id)
      .flatMap(({ ip, alias_ips }) => [ip, ...alias_ips]),
  );
  const { network_zone } = cloud.location(server.location);
  const subnets = network.subnets.filter(
    (each) =>
      each.network_zone === network_zone &&
      (wanted.ip_range === undefined || each.ip_range === wanted.ip_range) &&
      (wanted.ip === undefined || contains(each.ip_range, wanted.ip)),
  );
  if (subnets.length === 0) throw new Refusal("no_subnet_available", "no subnet or IP is available");
  if (wanted.ip !== undefined && taken.has(wanted.ip)) throw new Refusal("ip_not_available");
  const ip = wanted.ip ?? subnets.map(({ ip_range }) => freeAddress(ip_range, taken)).find(Boolean);
  if (ip === undefined) throw new Refusal("no_subnet_available", "no subnet or IP is available");
  const tail = (cloud.nextId() % 2 ** 24).toString(16).padStart(6, "0");
  const mac_address = `86:00:00:${tail.match(/../g)?.join(":")}`;
  return { network: network.id, ip, alias_ips: [...(wanted.alias_ips ?? [])], mac_address };
}

export function networks(cloud: Cloud): Routes {
  const show = (network: Network) => networkView(cloud, network);
  const asked = (call: Asked): Network => findAsked("network", cloud.networks, call);
  const begin = (command: string, { id }: Network, work: () => void, instant = false) => ({
    status: 201,
    body: {
      action: cloud.actions.begin({ command, resources: [{ id, type: "network" }], work, instant }),
    },
  });
  return {
    "GET /networks": ({ query }) => page("networks", [...cloud.networks.values()].map(show), query, ["name"]),
    "POST /networks": (call) => {
      const wanted = read(call, creation);
      cloud.refuseTooMany("networks", cloud.networks);
      cloud.refuseTaken("networks", cloud.networks, wanted.name);
      const network: Network = {
        ...cloud.begin(wanted.name, wanted.labels),
        ipRange: wanted.ip_range,
        subnets: [],
        routes: [],
        protection: { delete: false },
        exposeRoutes: wanted.expose_routes_to_vswitch,
      };
      for (const each of wanted.subnets) addSubnet(network, each);
      cloud.networks.set(network.id, network);
      return { status: 201, body: { network: show(network) } };
    },
    "GET /networks/:id": (call) => ({ status: 200, body: { network: show(asked(call)) } }),
    "PUT /networks/:id": (call) => {
      const network = asked(call);
      const { expose_routes_to_vswitch = network.exposeRoutes, ...changed } = read(call, update);
      if (changed.name !== undefined) cloud.refuseTaken("networks", cloud.networks, changed.name, network);
      Object.assign(network, changed, { exposeRoutes: expose_routes_to_vswitch });
      return { status: 200, body: { network: show(network) } };
    },
    "DELETE /networks/:id": (call) => {
      const network = asked(call);
      refuseProtected("network", network);
      // Its servers are taken out of it without being asked.
      for (const server of cloud.serversIn(network)) {
        server.privateNet = server.privateNet.filter((each) => each.network !== network.id);
      }
      cloud.networks.delete(network.id);
      return { status: 204 };
    },
    "POST /networks/:id/actions/add_subnet": (call) => {
      const network = asked(call);
      addSubnet(network, read(call, subnet));
      return begin("add_subnet", network, () => {});
    },
    "POST /networks/:id/actions/delete_subnet": (call) => {
      const network = asked(call);
      const { ip_range } = read(call, z.object({ ip_range: z.string() }));
      const found = network.subnets.find((each) => each.ip_range === ip_range);
      if (!found) throw new Refusal("not_found", "subnet not found");
      if (cloud.serversIn(network).some((server) => inSubnet(network, found, server))) {
        // The provider looks for these words.
        throw new Refusal("service_error", "cannot remove subnet because servers are attached to it");
      }
      network.subnets.splice(network.subnets.indexOf(found), 1);
      return begin("delete_subnet", network, () => {});
    },
    "POST /networks/:id/actions/change_protection": (call) => {
      const network = asked(call);
      const protection = read(call, z.object({ delete: z.boolean() }));
      return begin("change_protection", network, () => Object.assign(network, { protection }), true);
    },
  };
}
