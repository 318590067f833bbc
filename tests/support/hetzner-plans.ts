/** Plans of one agent on a group of servers, in stack `Prod_1`. */
import type { HetznerServerPlan } from "../../fleet/hosts/hetzner/server.ts";
import { type FleetPlan, planFleet } from "../../fleet/plan-fleet.ts";
import type { RegisteredServer, Registry } from "../../fleet/registry.ts";
import { CATALOGUE } from "../../stacks/catalogue.ts";
import { fleet, hetznerGroup, registryOf } from "./fleets.ts";

export const CX23: RegisteredServer = { serverType: "cx23", location: "fsn1" };

/** A server that has been found ready. */
export const READY: RegisteredServer = {
  ...CX23,
  facts: { server: "42", serverType: "cx23", volumeGb: 10, hostKey: "ssh-ed25519 BBBB", docker: "26.1.5" },
};

export const planOnHetzner = (
  changes: Record<string, unknown> = {},
  registry: Registry = registryOf(),
): FleetPlan =>
  planFleet(
    fleet({ hosts: { eu: hetznerGroup() }, agents: { alice: {} }, ...changes }),
    registry,
    "Prod_1",
    CATALOGUE,
  );

export const serversOf = (...args: Parameters<typeof planOnHetzner>): HetznerServerPlan[] =>
  planOnHetzner(...args).hosts.flatMap(({ server }) => server ?? []);
