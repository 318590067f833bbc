/** What a stack's resources say of the fleet that exists, whoever has read them. */
import { z } from "zod";
import type { RegisteredServer, Registry, Slot } from "../fleet/slots.ts";

export interface StackState {
  readonly registry: Registry;
  /** By its container's name: the id of a loader whose last load failed. */
  readonly failedLoads: Readonly<Record<string, string>>;
}

/** A resource as the state holds it. */
export interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly outputs?: unknown;
}

const stash = z.object({ output: z.object({ host: z.string(), slot: z.int().min(0) }) });
const loader = z.object({ id: z.string(), name: z.string(), attach: z.literal(true), exitCode: z.number() });
const server = z.object({ serverType: z.string(), location: z.string() });

const nameOf = (urn: string): string => urn.slice(urn.lastIndexOf("::") + 2);

/** A slot's resource is named `<agent>-slot`, a server's as its host. */
export function stateOf(resources: Iterable<StateResource>): StackState {
  const agents: Record<string, Slot> = {};
  const servers: Record<string, RegisteredServer> = {};
  const failedLoads: Record<string, string> = {};
  for (const { urn, type, outputs } of resources) {
    if (type === "pulumi:index:Stash") {
      const slot = stash.safeParse(outputs);
      if (slot.success) agents[nameOf(urn).replace(/-slot$/, "")] = slot.data.output;
    } else if (type === "docker:index/container:Container") {
      const load = loader.safeParse(outputs);
      if (load.success && load.data.exitCode !== 0) failedLoads[load.data.name] = load.data.id;
    } else if (type === "hcloud:index/server:Server") {
      const rented = server.safeParse(outputs);
      if (rented.success) servers[nameOf(urn)] = rented.data;
    }
  }
  return { registry: { agents, servers }, failedLoads };
}
