/** What the fleet's hosts have, compared with what the state says. */
import * as pulumi from "@pulumi/pulumi";
import type { Fleet } from "../fleet/config/fleet.ts";
import type { HostObservation } from "../fleet/docker/inventory.ts";
import type { DockerConnection } from "../fleet/hosts/connection.ts";
import { knownConnections } from "../fleet/hosts/known.ts";
import { LOGICAL } from "../fleet/names.ts";
import { objectKey } from "../fleet/registry.ts";
import { activeServices } from "../fleet/services/index.ts";
import { observeHosts } from "./inventory.ts";
import type { StackState } from "./state.ts";

/** Whether the state has anything on a host. */
const isInUse = (host: string, { settings }: Fleet, { objects, registry }: StackState): boolean =>
  [...registry.agents.values()].some((slot) => slot.host === host) ||
  activeServices(settings).some(({ definition: { name } }) =>
    objects.ofHosts.has(objectKey("container", LOGICAL.service(host, name))),
  );

/** By host. A host that does not answer is reported as such; its objects count neither as present nor as missing. */
export async function observeFleet(
  fleet: Fleet,
  state: StackState,
  stack: string,
): Promise<ReadonlyMap<string, HostObservation>> {
  // A preview of a new host that is elsewhere needs no access to it.
  const isObserved = (host: string, { address }: DockerConnection): boolean =>
    !pulumi.runtime.isDryRun() || address.startsWith("unix:") || isInUse(host, fleet, state);
  const connections = [...knownConnections(fleet, state.registry)].filter((each) => isObserved(...each));
  const observations = await observeHosts(connections, stack, activeServices(fleet.settings));
  for (const [host, { problem }] of observations) {
    if (problem === undefined || !isInUse(host, fleet, state)) continue;
    void pulumi.log.warn(`Host ${host} does not answer (${problem}): its containers were not checked.`);
  }
  return observations;
}
