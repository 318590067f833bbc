import { z } from "zod";
import type { Asked, Routes } from "../routes.ts";
import type { Action } from "./actions.ts";
import { type Cloud, findAsked } from "./cloud.ts";
import { labels, name, read } from "./input.ts";
import { page } from "./pages.ts";
import type { Firewall } from "./records.ts";
import { Refusal } from "./refusal.ts";
import { firewallView } from "./views.ts";

const MOST_RULES = 50;

const rule = z
  .object({
    direction: z.enum(["in", "out"]),
    protocol: z.enum(["tcp", "udp", "icmp", "esp", "gre"]),
    port: z
      .string()
      .regex(/^(any|\d+(-\d+)?)$/)
      .nullish()
      .transform((port) => port ?? null),
    source_ips: z.array(z.string()).default([]),
    destination_ips: z.array(z.string()).default([]),
    description: z
      .string()
      .nullish()
      .transform((text) => text ?? null),
  })
  .refine(({ protocol, port }) => (protocol === "tcp" || protocol === "udp") === (port !== null), {
    path: ["port"],
    message: "for tcp and udp, and for these alone",
  })
  .refine(({ direction, ...ips }) => (direction === "in" ? ips.source_ips : ips.destination_ips).length > 0, {
    path: ["source_ips"],
    message: "must name who",
  });

const rules = z.array(rule).max(MOST_RULES);
const resources = z.array(
  z.discriminatedUnion("type", [
    z.object({ type: z.literal("server"), server: z.object({ id: z.int() }) }),
    z.object({ type: z.literal("label_selector"), label_selector: z.object({ selector: z.string() }) }),
  ]),
);
type Resources = z.infer<typeof resources>;

const creation = z.object({
  name,
  labels: labels.optional(),
  rules: rules.default([]),
  apply_to: resources.default([]),
});
const update = z.object({ name: name.optional(), labels: labels.optional() });

export function firewalls(cloud: Cloud): Routes {
  const show = (firewall: Firewall) => firewallView(cloud, firewall);
  const asked = (call: Asked): Firewall => findAsked("firewall", cloud.firewalls, call);

  const refuseUnknown = (named: Resources, status: string): void => {
    for (const each of named) {
      if (each.type === "server" && !cloud.servers.has(each.server.id)) {
        throw new Refusal(status, `server ${each.server.id} not found`);
      }
    }
  };

  /** The change of rules or of who is under them, and its arrival at each server. */
  const applyTo = (command: string, firewall: Firewall, servers: readonly number[]): Action[] =>
    servers.map((id) =>
      cloud.actions.begin({
        command,
        resources: [
          { id: firewall.id, type: "firewall" },
          { id, type: "server" },
        ],
        locks: false,
      }),
    );

  const apply = (firewall: Firewall, named: Resources): Action[] => {
    refuseUnknown(named, "firewall_resource_not_found");
    for (const each of named) {
      if (each.type === "server") {
        if (firewall.servers.has(each.server.id)) throw new Refusal("firewall_already_applied");
        firewall.servers.add(each.server.id);
      } else {
        firewall.selectors.add(each.label_selector.selector);
      }
    }
    return applyTo(
      "apply_firewall",
      firewall,
      cloud.serversUnder(firewall).map(({ id }) => id),
    );
  };

  const remove = (firewall: Firewall, named: Resources): Action[] => {
    refuseUnknown(named, "firewall_resource_not_found");
    const before = cloud.serversUnder(firewall);
    for (const each of named) {
      if (each.type === "server") firewall.servers.delete(each.server.id);
      else firewall.selectors.delete(each.label_selector.selector);
    }
    const after = new Set(cloud.serversUnder(firewall));
    return applyTo(
      "remove_firewall",
      firewall,
      before.filter((server) => !after.has(server)).map(({ id }) => id),
    );
  };

  return {
    "GET /firewalls": ({ query }) =>
      page("firewalls", [...cloud.firewalls.values()].map(show), query, ["name"]),
    "POST /firewalls": (call) => {
      const wanted = read(call, creation);
      cloud.refuseTooMany("firewalls", cloud.firewalls);
      cloud.refuseTaken("firewalls", cloud.firewalls, wanted.name);
      refuseUnknown(wanted.apply_to, "firewall_resource_not_found");
      const firewall: Firewall = {
        ...cloud.begin(wanted.name, wanted.labels),
        rules: wanted.rules,
        servers: new Set(),
        selectors: new Set(),
      };
      cloud.firewalls.set(firewall.id, firewall);
      const actions = apply(firewall, wanted.apply_to);
      return { status: 201, body: { firewall: show(firewall), actions } };
    },
    "GET /firewalls/:id": (call) => ({ status: 200, body: { firewall: show(asked(call)) } }),
    "PUT /firewalls/:id": (call) => {
      const firewall = asked(call);
      const changed = read(call, update);
      if (changed.name !== undefined) {
        cloud.refuseTaken("firewalls", cloud.firewalls, changed.name, firewall);
      }
      Object.assign(firewall, changed);
      return { status: 200, body: { firewall: show(firewall) } };
    },
    "DELETE /firewalls/:id": (call) => {
      const firewall = asked(call);
      if (show(firewall).applied_to.length > 0) {
        throw new Refusal("resource_in_use", `firewall with ID '${firewall.id}' is still in use`);
      }
      cloud.firewalls.delete(firewall.id);
      return { status: 204 };
    },
    "POST /firewalls/:id/actions/set_rules": (call) => {
      const firewall = asked(call);
      firewall.rules = read(call, z.object({ rules })).rules;
      const set = cloud.actions.begin({
        command: "set_firewall_rules",
        resources: [{ id: firewall.id, type: "firewall" }],
        instant: true,
      });
      const under = cloud.serversUnder(firewall).map(({ id }) => id);
      return { status: 201, body: { actions: [set, ...applyTo("apply_firewall", firewall, under)] } };
    },
    "POST /firewalls/:id/actions/apply_to_resources": (call) => ({
      status: 201,
      body: { actions: apply(asked(call), read(call, z.object({ apply_to: resources })).apply_to) },
    }),
    "POST /firewalls/:id/actions/remove_from_resources": (call) => ({
      status: 201,
      body: { actions: remove(asked(call), read(call, z.object({ remove_from: resources })).remove_from) },
    }),
  };
}
