/** What can be done to a server: those actions that the Pulumi provider calls. */
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import type { Answer } from "../http.ts";
import type { Asked, Routes } from "../routes.ts";
import type { Resource } from "./actions.ts";
import { type Cloud, find, findAsked } from "./cloud.ts";
import { idOrName, read } from "./input.ts";
import { placeIn } from "./networks.ts";
import type { Server } from "./records.ts";
import { invalid, Refusal } from "./refusal.ts";
import { serverView } from "./views.ts";

const attachment = z.object({
  network: z.int(),
  ip: z.string().optional(),
  ip_range: z.string().optional(),
  alias_ips: z.array(z.string()).optional(),
});

interface Doing {
  readonly others?: readonly Resource[];
  readonly instant?: boolean;
}

export function serverActions(cloud: Cloud): Routes {
  const on = (name: string): string => `POST /servers/:id/actions/${name}`;
  const asked = (call: Asked): Server => {
    const server = findAsked("server", cloud.servers, call);
    cloud.actions.refuseLocked({ id: server.id, type: "server" });
    return server;
  };
  const begin = (
    command: string,
    { id }: Server,
    work: () => unknown,
    { others = [], instant = false }: Doing = {},
  ): Answer => {
    const resources = [{ id, type: "server" }, ...others];
    return { status: 201, body: { action: cloud.actions.begin({ command, resources, work, instant }) } };
  };
  /** Tells the test only of what changes. */
  const power = async (server: Server, wanted: boolean): Promise<void> => {
    const is = server.status === "running" || server.status === "stopping";
    if (is !== wanted) await cloud.options.onServerPower?.(serverView(cloud, server), wanted);
    server.status = wanted ? "running" : "off";
  };
  const restart = async (server: Server): Promise<void> => {
    await power(server, false);
    await power(server, true);
  };
  const shutdown = async (server: Server): Promise<void> => {
    const { shutdownMs = 0 } = cloud.options;
    if (shutdownMs === 0) return power(server, false);
    server.status = "stopping";
    // The action ends at once: it has pressed the button, and does not wait for the system.
    const off = async (): Promise<void> => {
      await sleep(shutdownMs, undefined, { ref: false });
      if (server.status === "stopping") await power(server, false);
    };
    void off();
  };

  return {
    [on("poweroff")]: (call) => {
      const server = asked(call);
      return begin("stop_server", server, () => power(server, false));
    },
    [on("poweron")]: (call) => {
      const server = asked(call);
      return begin("start_server", server, () => power(server, true));
    },
    [on("shutdown")]: (call) => {
      const server = asked(call);
      return begin("shutdown_server", server, () => shutdown(server));
    },
    [on("reboot")]: (call) => {
      const server = asked(call);
      return begin("reboot_server", server, () => restart(server));
    },
    [on("reset")]: (call) => {
      const server = asked(call);
      return begin("reset_server", server, () => restart(server));
    },

    [on("change_type")]: (call) => {
      const server = asked(call);
      const wanted = read(call, z.object({ server_type: idOrName, upgrade_disk: z.boolean() }));
      if (server.status !== "off") throw new Refusal("server_not_stopped", "server is not stopped");
      const type = cloud.serverType(wanted.server_type);
      const is = cloud.serverType(server.serverType);
      if (type.architecture !== is.architecture || type.disk < server.diskGb || type.name === is.name) {
        throw new Refusal("invalid_server_type", "server type does not fit the server");
      }
      cloud.refuseUnavailable(type, server.location);
      server.status = "migrating";
      return begin("change_server_type", server, async () => {
        server.serverType = type.name;
        if (wanted.upgrade_disk) server.diskGb = type.disk;
        // It comes back running, whether or not it was asked to: the provider counts on that.
        await power(server, true);
      });
    },

    [on("change_protection")]: (call) => {
      const server = findAsked("server", cloud.servers, call);
      const wanted = read(call, z.object({ delete: z.boolean(), rebuild: z.boolean() }));
      if (wanted.delete !== wanted.rebuild) throw invalid("rebuild", "must be the same as delete");
      const work = () => Object.assign(server, { protection: wanted });
      return begin("change_protection", server, work, { instant: true });
    },

    [on("attach_to_network")]: (call) => {
      const server = asked(call);
      const wanted = read(call, attachment);
      const network = find("network", cloud.networks, wanted.network);
      const place = placeIn(cloud, network, server, wanted);
      const work = () => server.privateNet.push(place);
      return begin("attach_to_network", server, work, { others: [{ id: network.id, type: "network" }] });
    },
    [on("detach_from_network")]: (call) => {
      const server = asked(call);
      const { network } = read(call, z.object({ network: z.int() }));
      const found = server.privateNet.some((each) => each.network === network);
      if (!found) throw new Refusal("not_found", "server is not attached to the network");
      const work = () => {
        server.privateNet = server.privateNet.filter((each) => each.network !== network);
      };
      return begin("detach_from_network", server, work, { others: [{ id: network, type: "network" }] });
    },
    [on("change_alias_ips")]: (call) => {
      const server = asked(call);
      const wanted = read(call, z.object({ network: z.int(), alias_ips: z.array(z.string()) }));
      const place = server.privateNet.find(({ network }) => network === wanted.network);
      if (!place) throw new Refusal("not_found", "server is not attached to the network");
      const work = () => Object.assign(place, { alias_ips: wanted.alias_ips });
      return begin("change_alias_ips", server, work);
    },

    [on("add_to_placement_group")]: (call) => {
      const server = asked(call);
      const { placement_group } = read(call, z.object({ placement_group: z.int() }));
      find("placement_group", cloud.placementGroups, placement_group);
      if (server.placementGroup !== null) throw new Refusal("already_in_placement_group");
      if (server.status !== "off") throw new Refusal("server_not_stopped", "server is not stopped");
      const work = () => Object.assign(server, { placementGroup: placement_group });
      return begin("add_to_placement_group", server, work);
    },
    [on("remove_from_placement_group")]: (call) => {
      const server = asked(call);
      return begin("remove_from_placement_group", server, () =>
        Object.assign(server, { placementGroup: null }),
      );
    },

    [on("enable_backup")]: (call) => {
      const server = asked(call);
      return begin("enable_backup", server, () => Object.assign(server, { backups: true }));
    },
    [on("disable_backup")]: (call) => {
      const server = asked(call);
      return begin("disable_backup", server, () => Object.assign(server, { backups: false }));
    },
  };
}
