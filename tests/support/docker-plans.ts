/** Plans of one host and one agent, as the components get them. */
import type { Inventory } from "../../fleet/docker/inventory.ts";
import type { DockerAgentPlan, DockerHostPlan } from "../../fleet/docker/types.ts";
import { type FleetPlan, planFleet } from "../../fleet/plan-fleet.ts";
import { EMPTY_REGISTRY, type KnownObjects, type Registry } from "../../fleet/registry.ts";
import { CATALOGUE } from "../../stacks/catalogue.ts";
import { fleet, LOGIN } from "./fleets.ts";

/** @param settings over those of a fleet of one agent, `alice`, on one Docker host, `one` */
export const fleetPlan = (
  settings: Record<string, unknown> = {},
  registry: Registry = EMPTY_REGISTRY,
): FleetPlan => planFleet(fleet({ agents: { alice: {} }, ...settings }), registry, "test", CATALOGUE);

function only<T>(all: readonly T[]): T {
  const [one] = all;
  if (one === undefined) throw new Error("the plan is empty");
  return one;
}

export const agentPlan = (entry: object = {}, settings: Record<string, unknown> = {}): DockerAgentPlan =>
  only(fleetPlan({ agents: { alice: entry }, ...settings }).agents);

export const hostPlan = (settings: Record<string, unknown> = {}): DockerHostPlan =>
  only(fleetPlan(settings).hosts);

/** A group of servers at Hetzner in place of the Docker host: its first is `eu-1`. */
export const HETZNER = { hosts: { eu: { kind: "hetzner", ...LOGIN, locations: ["fsn1"] } } };

/** Of a daemon that has nothing. */
export const EMPTY_INVENTORY: Inventory = {
  daemon: "D1",
  cpus: 8,
  discards: [],
  remedy: "",
  held: [],
  misconfigured: [],
  containers: [],
  containerNames: [],
  networks: [],
  volumes: [],
};

/** Of a state that knows no object on any host. */
export const NO_OBJECTS: KnownObjects = { ofAgents: new Map(), ofHosts: new Map() };
