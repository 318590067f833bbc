import { z } from "zod";
import type { Asked, Routes } from "../routes.ts";
import type { Action } from "./actions.ts";
import { type Cloud, find, findAsked, refuseProtected } from "./cloud.ts";
import { idOrName, labels, name, read } from "./input.ts";
import { page } from "./pages.ts";
import type { Server, Volume } from "./records.ts";
import { invalid, Refusal } from "./refusal.ts";
import { serverView, volumeView } from "./views.ts";

/** GB. */
const size = z.int().min(10).max(10_240);
const MOST_PER_SERVER = 16;

const creation = z.object({
  name,
  size,
  location: idOrName.optional(),
  server: z.int().nullish(),
  format: z.enum(["ext4", "xfs"]).optional(),
  automount: z.boolean().optional(),
  labels: labels.optional(),
});
const update = z.object({ name: name.optional(), labels: labels.optional() });

const resourcesOf = (volume: Volume, server: Server) => [
  { id: volume.id, type: "volume" },
  { id: server.id, type: "server" },
];

export function refuseAttachment(volume: Volume, location: string): void {
  if (volume.server !== null) throw new Refusal("volume_already_attached", "volume is already attached");
  if (volume.location !== location) throw invalid("server", "server is in another location than the volume");
}

export function beginAttachment(cloud: Cloud, volume: Volume, server: Server, after?: Action): Action {
  if (cloud.volumesOf(server).length >= MOST_PER_SERVER) {
    throw new Refusal("resource_limit_exceeded", "server has as many volumes as it can have");
  }
  // From now on: of two that are asked for at once, the second shall be refused.
  volume.server = server.id;
  return cloud.actions.begin({
    command: "attach_volume",
    resources: resourcesOf(volume, server),
    work: async () => {
      try {
        await cloud.options.onVolumeAttached?.(volumeView(cloud, volume), serverView(cloud, server));
      } catch (error) {
        volume.server = null;
        throw error;
      }
    },
    ...(after && { after }),
  });
}

export async function detach(cloud: Cloud, volume: Volume, server: Server): Promise<void> {
  await cloud.options.onVolumeDetached?.(volumeView(cloud, volume), serverView(cloud, server));
  volume.server = null;
}

export function volumes(cloud: Cloud): Routes {
  const show = (volume: Volume) => volumeView(cloud, volume);
  const asked = (call: Asked): Volume => findAsked("volume", cloud.volumes, call);
  const refuseLocked = (volume: Volume): void =>
    cloud.actions.refuseLocked({ id: volume.id, type: "volume" });
  const began = (action: Action) => ({ status: 201, body: { action } });
  return {
    "GET /volumes": ({ query }) =>
      page("volumes", [...cloud.volumes.values()].map(show), query, ["name", "status"]),
    "POST /volumes": (call) => {
      const wanted = read(call, creation);
      cloud.refuseTooMany("volumes", cloud.volumes);
      cloud.refuseTaken("volumes", cloud.volumes, wanted.name);
      if (Boolean(wanted.location) === Boolean(wanted.server)) {
        throw invalid("location", "either location or server");
      }
      const server = wanted.server ? find("server", cloud.servers, wanted.server) : undefined;
      if (server) cloud.actions.refuseLocked({ id: server.id, type: "server" });
      const volume: Volume = {
        ...cloud.begin(wanted.name, wanted.labels),
        size: wanted.size,
        location: server?.location ?? cloud.location(wanted.location ?? "").name,
        format: wanted.format ?? null,
        server: null,
        status: "creating",
        protection: { delete: false },
      };
      cloud.volumes.set(volume.id, volume);
      const action = cloud.actions.begin({
        command: "create_volume",
        resources: [{ id: volume.id, type: "volume" }],
        work: () => {
          volume.status = "available";
        },
      });
      const next_actions = server ? [beginAttachment(cloud, volume, server, action)] : [];
      return { status: 201, body: { volume: show(volume), action, next_actions } };
    },
    "GET /volumes/:id": (call) => ({ status: 200, body: { volume: show(asked(call)) } }),
    "PUT /volumes/:id": (call) => {
      const volume = asked(call);
      const changed = read(call, update);
      if (changed.name !== undefined) cloud.refuseTaken("volumes", cloud.volumes, changed.name, volume);
      Object.assign(volume, changed);
      return { status: 200, body: { volume: show(volume) } };
    },
    "DELETE /volumes/:id": (call) => {
      const volume = asked(call);
      refuseProtected("volume", volume);
      refuseLocked(volume);
      if (volume.server !== null) throw new Refusal("service_error", "volume is attached to a server");
      cloud.volumes.delete(volume.id);
      return { status: 204 };
    },
    "POST /volumes/:id/actions/attach": (call) => {
      const volume = asked(call);
      const wanted = read(call, z.object({ server: z.int(), automount: z.boolean().optional() }));
      const server = find("server", cloud.servers, wanted.server);
      for (const each of resourcesOf(volume, server)) cloud.actions.refuseLocked(each);
      refuseAttachment(volume, server.location);
      return began(beginAttachment(cloud, volume, server));
    },
    "POST /volumes/:id/actions/detach": (call) => {
      const volume = asked(call);
      if (volume.server === null) throw new Refusal("service_error", "volume is not attached to a server");
      const server = find("server", cloud.servers, volume.server);
      const resources = resourcesOf(volume, server);
      for (const each of resources) cloud.actions.refuseLocked(each);
      const work = () => detach(cloud, volume, server);
      return began(cloud.actions.begin({ command: "detach_volume", resources, work }));
    },
    "POST /volumes/:id/actions/resize": (call) => {
      const volume = asked(call);
      const wanted = read(call, z.object({ size }));
      refuseLocked(volume);
      if (wanted.size <= volume.size) throw invalid("size", "a volume can only grow");
      const work = () => Object.assign(volume, wanted);
      const resources = [{ id: volume.id, type: "volume" }];
      return began(cloud.actions.begin({ command: "resize_volume", resources, work }));
    },
    "POST /volumes/:id/actions/change_protection": (call) => {
      const volume = asked(call);
      const protection = read(call, z.object({ delete: z.boolean() }));
      const work = () => Object.assign(volume, { protection });
      const resources = [{ id: volume.id, type: "volume" }];
      return began(cloud.actions.begin({ command: "change_protection", resources, work, instant: true }));
    },
  };
}
