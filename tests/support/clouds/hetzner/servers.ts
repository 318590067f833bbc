import { z } from "zod";
import type { Asked, Routes } from "../routes.ts";
import { type Cloud, findAsked } from "./cloud.ts";
import { labels, name, read } from "./input.ts";
import { page } from "./pages.ts";
import type { Server } from "./records.ts";
import { createServer } from "./server-creation.ts";
import { deleteServer } from "./server-deletion.ts";
import { serverView } from "./views.ts";

const update = z.object({ name: name.optional(), labels: labels.optional() });

export function servers(cloud: Cloud): Routes {
  const show = (server: Server) => serverView(cloud, server);
  const asked = (call: Asked): Server => findAsked("server", cloud.servers, call);
  return {
    "GET /servers": ({ query }) =>
      page("servers", [...cloud.servers.values()].map(show), query, ["name", "status"]),
    "POST /servers": (call) => createServer(cloud, call),
    "GET /servers/:id": (call) => ({ status: 200, body: { server: show(asked(call)) } }),
    "PUT /servers/:id": (call) => {
      const server = asked(call);
      const changed = read(call, update);
      if (changed.name !== undefined) cloud.refuseTaken("servers", cloud.servers, changed.name, server);
      Object.assign(server, changed);
      return { status: 200, body: { server: show(server) } };
    },
    "DELETE /servers/:id": (call) => deleteServer(cloud, asked(call)),
  };
}
