import { connect } from "docker-connection";
import { untilTunnelEnds } from "docker-connection/tunnel";
import pLimit from "p-limit";
import type { Fleet } from "../fleet/config/fleet.ts";
import { activeServices } from "../fleet/services/index.ts";
import { deliverImages } from "../images/deliver.ts";
import { ensureImages } from "../images/ensure.ts";
import { gatewayImage, type Image, serviceImage } from "../images/image.ts";
import { ensureDocker } from "../system/docker.ts";
import { checkHostNetworking } from "../system/host-networking.ts";
import { messageOf } from "../system/operator-error.ts";
import type { Log } from "../system/terminal.ts";
import { connectionsOf } from "./connections.ts";

/** Images are copied from this machine to so many hosts at a time: they share its upload bandwidth. */
const DELIVERIES = 4;

/** The images that every host of the fleet needs. */
export const imagesOf = ({ settings }: Pick<Fleet, "settings">): Image[] => [
  gatewayImage(settings.image),
  ...activeServices(settings).map(({ definition, settings: own }) =>
    serviceImage(definition.image(own), definition.recipe),
  ),
];

/**
 * Provides what a container needs on every host: a Docker daemon that responds, and the images. A remote host that does not
 * respond is reported and skipped: it must not keep the others from converging.
 *
 * @throws OperatorError if this machine's own Docker daemon cannot be started
 */
export async function prepareHosts(fleet: Fleet, log: Log): Promise<void> {
  const images = imagesOf(fleet);
  const limit = pLimit(DELIVERIES);
  const deliveries: Promise<void>[] = [];
  for (const [host, connection] of connectionsOf(fleet, undefined)) {
    const { address } = connection;
    if (address.startsWith("ssh:")) {
      const deliver = () => deliverImages(images, { log, docker: connect(connection), host });
      const delivery = limit(() => untilTunnelEnds(address, deliver()));
      deliveries.push(delivery.catch((error: unknown) => log(`Skipping ${host}: ${messageOf(error)}`)));
      continue;
    }
    await ensureDocker({ log, connection });
    await ensureImages(images, { log, docker: connect(connection) });
    await checkHostNetworking({ ingress: fleet.settings.ingress, address });
  }
  await Promise.all(deliveries);
}
