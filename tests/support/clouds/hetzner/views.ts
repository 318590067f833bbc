/** What the API shows. Fields as in its reference (https://docs.hetzner.cloud/reference/cloud). */
import { type Cloud, find } from "./cloud.ts";
import type { Firewall, Network, PlacementGroup, PrimaryIp, Server, SshKey, Volume } from "./records.ts";
import { IMAGES } from "./sold.ts";

export type ServerView = ReturnType<typeof serverView>;
export type VolumeView = ReturnType<typeof volumeView>;
export type PrimaryIpView = ReturnType<typeof primaryIpView>;
export type NetworkView = ReturnType<typeof networkView>;
export type FirewallView = ReturnType<typeof firewallView>;
export type PlacementGroupView = ReturnType<typeof placementGroupView>;
export type SshKeyView = ReturnType<typeof sshKeyView>;

/** Without `datacenter`, which the API no longer shows. */
export function serverView(cloud: Cloud, server: Server) {
  const { id, name, labels, created, status, protection, privateNet } = server;
  const addresses = cloud.addressesOf(server);
  const ipv4 = addresses.find(({ type }) => type === "ipv4");
  const ipv6 = addresses.find(({ type }) => type === "ipv6");
  const firewalls = [...cloud.firewalls.values()].filter((each) => cloud.serversUnder(each).includes(server));
  const { placementGroup } = server;
  const group =
    placementGroup === null ? null : find("placement_group", cloud.placementGroups, placementGroup);
  const serverType = cloud.serverType(server.serverType);
  const traffic = serverType.prices.find(({ location }) => location === server.location)?.included_traffic;
  return {
    ...{ id, name, labels, created, status, protection },
    server_type: serverType,
    location: cloud.location(server.location),
    image: IMAGES.find((image) => image.id === server.image) ?? null,
    public_net: {
      ipv4: ipv4
        ? {
            id: ipv4.id,
            ip: ipv4.ip,
            blocked: cloud.actions.isLocked({ id, type: "server" }),
            dns_ptr: ipv4.dnsPtr[0]?.dns_ptr ?? "",
          }
        : null,
      ipv6: ipv6
        ? {
            id: ipv6.id,
            ip: ipv6.ip,
            blocked: cloud.actions.isLocked({ id, type: "server" }),
            dns_ptr: ipv6.dnsPtr,
          }
        : null,
      floating_ips: [],
      firewalls: firewalls.map((firewall) => ({ id: firewall.id, status: "applied" })),
    },
    private_net: privateNet,
    volumes: cloud.volumesOf(server).map((volume) => volume.id),
    placement_group: group && placementGroupView(cloud, group),
    primary_disk_size: server.diskGb,
    backup_window: server.backups ? "22-02" : null,
    included_traffic: traffic ?? 0,
    ingoing_traffic: 0,
    outgoing_traffic: 0,
    iso: null,
    load_balancers: [],
    locked: cloud.actions.isLocked({ id, type: "server" }),
    rescue_enabled: false,
  };
}

export function volumeView(cloud: Cloud, volume: Volume) {
  const { id, name, labels, created, status, size, format, server, protection } = volume;
  return {
    ...{ id, name, labels, created, status, size, format, server, protection },
    location: cloud.location(volume.location),
    linux_device: `/dev/disk/by-id/scsi-0HC_Volume_${id}`,
  };
}

export function primaryIpView(cloud: Cloud, address: PrimaryIp) {
  const { id, name, labels, created, type, ip, protection, autoDelete, assignee, dnsPtr } = address;
  return {
    ...{ id, name, labels, created, type, ip, protection },
    assignee_id: assignee,
    assignee_type: "server",
    auto_delete: autoDelete,
    blocked: cloud.actions.isLocked({ id, type: "server" }),
    dns_ptr: dnsPtr,
    location: cloud.location(address.location),
  };
}

export function networkView(cloud: Cloud, network: Network) {
  const { id, name, labels, created, ipRange, subnets, routes, protection, exposeRoutes } = network;
  return {
    ...{ id, name, labels, created, subnets, routes, protection },
    ip_range: ipRange,
    servers: cloud.serversIn(network).map((server) => server.id),
    load_balancers: [],
    expose_routes_to_vswitch: exposeRoutes,
  };
}

const appliedToServer = (id: number) => ({ type: "server", server: { id } });

export function firewallView(cloud: Cloud, firewall: Firewall) {
  const { id, name, labels, created, rules, servers, selectors } = firewall;
  const bySelector = [...selectors].map((selector) => ({
    type: "label_selector",
    label_selector: { selector },
    applied_to_resources: cloud
      .serversUnder({ ...firewall, servers: new Set(), selectors: new Set([selector]) })
      .map((server) => appliedToServer(server.id)),
  }));
  return {
    ...{ id, name, labels, created, rules },
    applied_to: [...[...servers].map(appliedToServer), ...bySelector],
  };
}

export function placementGroupView(cloud: Cloud, group: PlacementGroup) {
  const { id, name, labels, created, type } = group;
  const servers = [...cloud.servers.values()].filter(({ placementGroup }) => placementGroup === id);
  return { ...{ id, name, labels, created, type }, servers: servers.map((server) => server.id) };
}

export function sshKeyView(_cloud: Cloud, { id, name, labels, created, publicKey, fingerprint }: SshKey) {
  return { ...{ id, name, labels, created, fingerprint }, public_key: publicKey };
}
