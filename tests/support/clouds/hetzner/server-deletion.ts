/** `DELETE /servers/:id`: what was the server's is let go. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Answer } from "../http.ts";
import { type Cloud, refuseProtected } from "./cloud.ts";
import type { Server } from "./records.ts";
import { serverView } from "./views.ts";
import { detach } from "./volumes.ts";

async function release(cloud: Cloud, server: Server): Promise<void> {
  const addresses = cloud.addressesOf(server);
  const { releaseMs = 0 } = cloud.options;
  if (releaseMs > 0) await sleep(releaseMs, undefined, { ref: false });
  for (const address of addresses) {
    if (address.autoDelete) cloud.primaryIps.delete(address.id);
    else address.assignee = null;
  }
}

export function deleteServer(cloud: Cloud, server: Server): Answer {
  refuseProtected("server", server);
  const resources = [{ id: server.id, type: "server" }];
  cloud.actions.refuseLocked({ id: server.id, type: "server" });
  server.status = "deleting";
  const action = cloud.actions.begin({
    command: "delete_server",
    resources,
    work: async () => {
      await cloud.options.onServerDeleted?.(serverView(cloud, server));
      for (const volume of cloud.volumesOf(server)) await detach(cloud, volume, server);
      for (const firewall of cloud.firewalls.values()) firewall.servers.delete(server.id);
      cloud.servers.delete(server.id);
      const released = release(cloud, server);
      if (!cloud.options.releaseMs) await released;
    },
  });
  return { status: 200, body: { action } };
}
