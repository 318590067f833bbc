/** What a stack's resources say of the fleet that exists, whoever has read them. */
import { z } from "zod";
import type { Identity, RegisteredServer, Registry, Slot } from "../fleet/placement/slots.ts";

export interface StackState {
  readonly registry: Registry;
  /** By its container's name: the id of a loader whose last load failed. */
  readonly failedLoads: Readonly<Record<string, string>>;
  /** By agent whose room is internal: whether the room's default route leads to nobody. */
  readonly deadEnds: Readonly<Record<string, boolean>>;
  /** By its resource's name: where a DNS record leads. */
  readonly records: Readonly<Record<string, string>>;
}

/** A resource as the state holds it. */
export interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly outputs?: unknown;
}

const stash = z.object({ output: z.object({ host: z.string(), slot: z.int().min(0) }) });
const loader = z.object({ id: z.string(), name: z.string(), attach: z.literal(true), exitCode: z.number() });
const server = z.object({
  serverType: z.string(),
  location: z.string(),
  ipv4Address: z.string().min(1).optional(),
});
const volume = z.object({ size: z.number() });
const identity = z.object({
  output: z.object({
    server: z.string(),
    serverType: z.string(),
    volumeGb: z.number(),
    hostKey: z.string(),
    docker: z.string(),
  }),
});
const network = z.object({
  internal: z.literal(true),
  ipamConfigs: z.tuple([z.object({ auxAddress: z.record(z.string(), z.string()).nullish() })]),
});
const record = z.object({ content: z.string() });

/** The key that Docker has for the default route of a network's containers. */
const DEAD_END = "DefaultGatewayIPv4";

const nameOf = (urn: string): string => urn.slice(urn.lastIndexOf("::") + 2);

/** A slot's resource is named `<agent>-slot`, a room's `<agent>-network`; a server's as its host, its volume's `<host>-data`, its identity's `<host>-identity`. */
export function stateOf(resources: Iterable<StateResource>): StackState {
  const agents: Record<string, Slot> = {};
  const servers: Record<string, RegisteredServer> = {};
  const identities: Record<string, Identity> = {};
  const volumes: Record<string, number> = {};
  const failedLoads: Record<string, string> = {};
  const records: Record<string, string> = {};
  const deadEnds: Record<string, boolean> = {};
  const readers: Readonly<Record<string, (name: string, outputs: unknown) => void>> = {
    "pulumi:index:Stash": (name, outputs) => {
      const slot = stash.safeParse(outputs);
      if (slot.success) agents[name.replace(/-slot$/, "")] = slot.data.output;
      const known = identity.safeParse(outputs);
      if (known.success) identities[name.replace(/-identity$/, "")] = known.data.output;
    },
    "docker:index/container:Container": (_, outputs) => {
      const load = loader.safeParse(outputs);
      if (load.success && load.data.exitCode !== 0) failedLoads[load.data.name] = load.data.id;
    },
    "docker:index/network:Network": (name, outputs) => {
      const room = network.safeParse(outputs);
      if (room.success)
        deadEnds[name.replace(/-network$/, "")] =
          room.data.ipamConfigs[0].auxAddress?.[DEAD_END] !== undefined;
    },
    "hcloud:index/server:Server": (name, outputs) => {
      const rented = server.safeParse(outputs);
      if (!rented.success) return;
      const { ipv4Address: address, ...rest } = rented.data;
      servers[name] = { ...rest, ...(address === undefined ? {} : { address }) };
    },
    "hcloud:index/volume:Volume": (name, outputs) => {
      const data = volume.safeParse(outputs);
      if (data.success) volumes[name.replace(/-data$/, "")] = data.data.size;
    },
    "cloudflare:index/dnsRecord:DnsRecord": (name, outputs) => {
      const led = record.safeParse(outputs);
      if (led.success) records[name] = led.data.content;
    },
  };
  for (const { urn, type, outputs } of resources) readers[type]?.(nameOf(urn), outputs);
  for (const [name, rented] of Object.entries(servers)) {
    const [volumeGb, known] = [volumes[name], identities[name]];
    servers[name] = {
      ...rented,
      ...(volumeGb === undefined ? {} : { volumeGb }),
      ...(known === undefined ? {} : { identity: known }),
    };
  }
  return { registry: { agents, servers }, failedLoads, deadEnds, records };
}
