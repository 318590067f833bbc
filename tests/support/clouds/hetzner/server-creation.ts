/** `POST /servers`: everything is checked before anything is made. */
import { randomBytes } from "node:crypto";
import { z } from "zod";
import type { Answer } from "../http.ts";
import type { Asked } from "../routes.ts";
import type { Action } from "./actions.ts";
import { type Cloud, find } from "./cloud.ts";
import { idOrName, labels, read } from "./input.ts";
import { placeIn } from "./networks.ts";
import { makeAddress } from "./primary-ips.ts";
import type { PrimaryIp, Server } from "./records.ts";
import { invalid, Refusal } from "./refusal.ts";
import { IMAGES, type Image, type ServerType } from "./sold.ts";
import { serverView } from "./views.ts";
import { beginAttachment, refuseAttachment } from "./volumes.ts";

const USER_DATA_BYTES = 32 * 1024;
/** Servers in one spread group: each is on a different machine. */
const SPREAD_GROUP_SIZE = 10;

const creation = z.object({
  name: z.string().regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9-]+)*$/i, "must be a host name"),
  server_type: idOrName,
  image: idOrName,
  location: idOrName.default("fsn1"),
  ssh_keys: z.array(idOrName).default([]),
  user_data: z
    .string()
    .refine((text) => Buffer.byteLength(text) <= USER_DATA_BYTES, "must not be longer than 32KiB")
    .default(""),
  labels: labels.optional(),
  start_after_create: z.boolean().default(true),
  automount: z.boolean().optional(),
  volumes: z.array(z.int()).default([]),
  networks: z.array(z.int()).default([]),
  firewalls: z.array(z.object({ firewall: z.int() })).default([]),
  placement_group: z.int().nullish(),
  public_net: z
    .object({
      enable_ipv4: z.boolean().default(true),
      enable_ipv6: z.boolean().default(true),
      ipv4: z.int().nullish(),
      ipv6: z.int().nullish(),
    })
    .default({ enable_ipv4: true, enable_ipv6: true }),
});

type Wanted = z.infer<typeof creation>;

function imageFor({ architecture }: ServerType, wanted: string | number): Image {
  const named = IMAGES.filter(({ id, name }) => id === wanted || name === wanted);
  const found = named.find((image) => image.architecture === architecture);
  if (found) return found;
  throw invalid("image", named.length === 0 ? `unknown image ${wanted}` : "image has another architecture");
}

function given(cloud: Cloud, type: PrimaryIp["type"], location: string, id: number): PrimaryIp {
  const address = find("primary_ip", cloud.primaryIps, id);
  if (address.type !== type) throw new Refusal("primary_ip_version_mismatch");
  if (address.assignee !== null) throw new Refusal("primary_ip_assigned", "primary IP is already assigned");
  if (address.location !== location) throw new Refusal("primary_ip_datacenter_mismatch");
  return address;
}

/** The addresses that it is given, and those to be made for it alone, which are deleted with it. */
function addresses(cloud: Cloud, { public_net }: Wanted, location: string): (() => PrimaryIp)[] {
  return (["ipv4", "ipv6"] as const).flatMap((type) => {
    const id = public_net[type];
    if (!public_net[`enable_${type}`]) {
      if (id) throw invalid(`public_net.${type}`, "is given and not enabled");
      return [];
    }
    if (id) {
      const address = given(cloud, type, location, id);
      return [() => address];
    }
    const name = `primary_ip-${cloud.nextId()}`;
    return [() => makeAddress(cloud, { name, type, location, autoDelete: true })];
  });
}

function refuseCrowd(cloud: Cloud, placementGroup: number): void {
  find("placement_group", cloud.placementGroups, placementGroup);
  const servers = [...cloud.servers.values()].filter((each) => each.placementGroup === placementGroup);
  if (servers.length >= SPREAD_GROUP_SIZE) throw new Refusal("placement_error", "error during placement");
}

export function createServer(cloud: Cloud, call: Asked): Answer {
  const wanted = read(call, creation);
  const type = cloud.serverType(wanted.server_type);
  const image = imageFor(type, wanted.image);
  const location = cloud.location(wanted.location).name;
  cloud.refuseTooMany("servers", cloud.servers);
  cloud.refuseTaken("servers", cloud.servers, wanted.name);
  cloud.refuseUnavailable(type, location);
  const keys = wanted.ssh_keys.map((key) => {
    const found = [...cloud.sshKeys.values()].find(({ id, name }) => id === key || name === key);
    if (!found) throw new Refusal("not_found", `ssh_key '${key}' not found`);
    return found.publicKey;
  });
  const placementGroup = wanted.placement_group ?? null;
  if (placementGroup !== null) refuseCrowd(cloud, placementGroup);
  const networks = wanted.networks.map((id) => find("network", cloud.networks, id));
  const firewalls = wanted.firewalls.map(({ firewall }) => find("firewall", cloud.firewalls, firewall));
  const volumes = wanted.volumes.map((id) => find("volume", cloud.volumes, id));
  for (const volume of volumes) refuseAttachment(volume, location);
  if (!wanted.public_net.enable_ipv4 && !wanted.public_net.enable_ipv6 && wanted.start_after_create) {
    if (networks.length === 0) throw invalid("public_net", "a server without any network cannot be started");
  }
  const publicNet = addresses(cloud, wanted, location);

  const server: Server = {
    ...cloud.begin(wanted.name, wanted.labels),
    status: "initializing",
    serverType: type.name,
    ...{ location, image: image.id, userData: wanted.user_data, sshKeys: keys },
    protection: { delete: false, rebuild: false },
    diskGb: type.disk,
    placementGroup,
    backups: false,
    privateNet: [],
  };
  for (const network of networks) server.privateNet.push(placeIn(cloud, network, server, {}));
  for (const address of publicNet.map((make) => make())) address.assignee = server.id;
  for (const firewall of firewalls) firewall.servers.add(server.id);
  cloud.servers.set(server.id, server);

  const action = cloud.actions.begin({
    command: "create_server",
    resources: [{ id: server.id, type: "server" }],
    work: async () => {
      server.status = wanted.start_after_create ? "starting" : "off";
      await cloud.options.onServerCreated?.(serverView(cloud, server), server.userData, keys);
    },
  });
  const attachments = volumes.map((volume) => beginAttachment(cloud, volume, server, action));
  const next_actions = wanted.start_after_create
    ? [...attachments, start(cloud, server, action)]
    : attachments;
  const root_password = keys.length > 0 ? null : randomBytes(10).toString("hex");
  return { status: 201, body: { server: serverView(cloud, server), action, next_actions, root_password } };
}

/** Its machine runs already: the callback of the creation has seen to that. */
function start(cloud: Cloud, server: Server, after: Action): Action {
  return cloud.actions.begin({
    command: "start_server",
    resources: [{ id: server.id, type: "server" }],
    after,
    work: () => {
      server.status = "running";
    },
  });
}
