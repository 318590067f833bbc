import { z } from "zod";
import type { Asked, Routes } from "../routes.ts";
import { type Cloud, find, findAsked, refuseProtected } from "./cloud.ts";
import { labels, name, read } from "./input.ts";
import { page } from "./pages.ts";
import type { PrimaryIp, Server } from "./records.ts";
import { invalid, Refusal } from "./refusal.ts";
import { primaryIpView } from "./views.ts";

const type = z.enum(["ipv4", "ipv6"]);
const creation = z.object({
  name,
  type,
  location: z.string().optional(),
  assignee_id: z.int().nullish(),
  assignee_type: z.literal("server").optional(),
  auto_delete: z.boolean().default(false),
  labels: labels.optional(),
});
const update = z.object({
  name: name.optional(),
  labels: labels.optional(),
  auto_delete: z.boolean().optional(),
});

interface Wanted {
  readonly name: string;
  readonly type: "ipv4" | "ipv6";
  readonly location: string;
  readonly autoDelete: boolean;
  readonly labels?: Readonly<Record<string, string>> | undefined;
}

const reverseOf = (ip: string): string =>
  `static.${ip.split(".").toReversed().join(".")}.clients.your-server.de`;

export function makeAddress(cloud: Cloud, { name, type, location, autoDelete, labels }: Wanted): PrimaryIp {
  cloud.refuseTooMany("primary_ips", cloud.primaryIps);
  const begun = cloud.begin(name, labels);
  const ip = type === "ipv4" ? cloud.freeIpv4() : `2001:db8:${begun.id.toString(16).slice(-4)}::/64`;
  const address: PrimaryIp = {
    ...{ ...begun, type, ip, location, autoDelete },
    assignee: null,
    protection: { delete: false },
    dnsPtr: type === "ipv4" ? [{ ip, dns_ptr: reverseOf(ip) }] : [],
  };
  cloud.primaryIps.set(address.id, address);
  return address;
}

const resourcesOf = ({ id, assignee }: PrimaryIp) => [
  { id, type: "primary_ip" },
  ...(assignee === null ? [] : [{ id: assignee, type: "server" }]),
];

function refuseAssignment(cloud: Cloud, address: PrimaryIp, server: Server): void {
  if (address.assignee !== null) throw new Refusal("primary_ip_already_assigned");
  if (address.location !== server.location) throw new Refusal("primary_ip_datacenter_mismatch");
  if (cloud.addressesOf(server).some((each) => each.type === address.type)) {
    throw new Refusal(address.type === "ipv4" ? "server_has_ipv4" : "server_has_ipv6");
  }
  refuseRunning(server);
}

function refuseRunning({ status }: Server): void {
  if (status !== "off") throw new Refusal("server_not_stopped", "server is not stopped");
}

export function primaryIps(cloud: Cloud): Routes {
  const show = (address: PrimaryIp) => primaryIpView(cloud, address);
  const asked = (call: Asked): PrimaryIp => findAsked("primary_ip", cloud.primaryIps, call);
  const begin = (command: string, address: PrimaryIp, work: () => void, instant = false) =>
    cloud.actions.begin({ command, resources: resourcesOf(address), work, instant });
  return {
    "GET /primary_ips": ({ query }) =>
      page("primary_ips", [...cloud.primaryIps.values()].map(show), query, ["name", "ip"]),
    "POST /primary_ips": (call) => {
      const { assignee_id, auto_delete, ...wanted } = read(call, creation);
      cloud.refuseTaken("primary_ips", cloud.primaryIps, wanted.name);
      const server = assignee_id ? find("server", cloud.servers, assignee_id) : undefined;
      const location = server?.location ?? wanted.location;
      if (location === undefined) throw invalid("location", "location or assignee_id is required");
      cloud.location(location);
      const address = makeAddress(cloud, { ...wanted, location, autoDelete: auto_delete });
      if (!server) return { status: 201, body: { primary_ip: show(address), action: null } };
      try {
        refuseAssignment(cloud, address, server);
      } catch (refusal) {
        cloud.primaryIps.delete(address.id);
        throw refusal;
      }
      address.assignee = server.id;
      const action = begin("assign_primary_ip", address, () => {});
      return { status: 201, body: { primary_ip: show(address), action } };
    },
    "GET /primary_ips/:id": (call) => ({ status: 200, body: { primary_ip: show(asked(call)) } }),
    "PUT /primary_ips/:id": (call) => {
      const address = asked(call);
      const { auto_delete = address.autoDelete, ...changed } = read(call, update);
      if (changed.name !== undefined) {
        cloud.refuseTaken("primary_ips", cloud.primaryIps, changed.name, address);
      }
      Object.assign(address, changed, { autoDelete: auto_delete });
      return { status: 200, body: { primary_ip: show(address) } };
    },
    "DELETE /primary_ips/:id": (call) => {
      const address = asked(call);
      refuseProtected("primary_ip", address);
      if (address.assignee !== null) throw new Refusal("must_be_unassigned", "primary IP must be unassigned");
      cloud.primaryIps.delete(address.id);
      return { status: 204 };
    },
    "POST /primary_ips/:id/actions/assign": (call) => {
      const address = asked(call);
      const { assignee_id } = read(
        call,
        z.object({ assignee_id: z.int(), assignee_type: z.literal("server") }),
      );
      const server = find("server", cloud.servers, assignee_id);
      cloud.actions.refuseLocked({ id: server.id, type: "server" });
      refuseAssignment(cloud, address, server);
      address.assignee = server.id;
      return { status: 201, body: { action: begin("assign_primary_ip", address, () => {}) } };
    },
    "POST /primary_ips/:id/actions/unassign": (call) => {
      const address = asked(call);
      if (address.assignee === null) throw invalid("id", "primary IP is not assigned");
      const server = find("server", cloud.servers, address.assignee);
      cloud.actions.refuseLocked({ id: server.id, type: "server" });
      refuseRunning(server);
      const action = begin("unassign_primary_ip", address, () => {
        address.assignee = null;
      });
      return { status: 201, body: { action } };
    },
    "POST /primary_ips/:id/actions/change_protection": (call) => {
      const address = asked(call);
      const protection = read(call, z.object({ delete: z.boolean() }));
      const action = begin("change_protection", address, () => Object.assign(address, { protection }), true);
      return { status: 201, body: { action } };
    },
    "POST /primary_ips/:id/actions/change_dns_ptr": (call) => {
      const address = asked(call);
      const { ip, dns_ptr } = read(call, z.object({ ip: z.string(), dns_ptr: z.string().nullable() }));
      const others = address.dnsPtr.filter((each) => each.ip !== ip);
      const own = dns_ptr ?? (address.type === "ipv4" ? reverseOf(ip) : null);
      address.dnsPtr = own === null ? others : [...others, { ip, dns_ptr: own }];
      const action = begin("change_dns_ptr", address, () => {}, true);
      return { status: 201, body: { action } };
    },
  };
}
