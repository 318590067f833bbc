/** What a stack's resources say about the fleet that exists, whichever way they were read. */
import { z } from "zod";
import { LOGICAL, ownerOf } from "../fleet/names.ts";
import type { RegisteredServer, Registry, ServerFacts, Slot } from "../fleet/registry.ts";

export interface StackState {
  readonly registry: Registry;
  /** By its container's name: the id of a loader whose last load failed. */
  readonly failedLoads: ReadonlyMap<string, string>;
  /** By agent with an internal network: whether the network's default route leads to an unused gateway. */
  readonly unusedGateways: ReadonlyMap<string, boolean>;
  /** By its resource's name: what a DNS record resolves to. */
  readonly records: ReadonlyMap<string, string>;
}

/** A resource as the state contains it. */
export interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly outputs?: unknown;
}

const slot = z.object({ output: z.object({ host: z.string(), slot: z.int().min(0) }) });
const facts = z.object({
  output: z.object({
    server: z.string(),
    serverType: z.string(),
    volumeGb: z.number(),
    hostKey: z.string(),
    docker: z.string(),
  }),
});
const loader = z.object({ id: z.string(), name: z.string(), attach: z.literal(true), exitCode: z.number() });
const server = z.object({
  serverType: z.string(),
  location: z.string(),
  ipv4Address: z.string().min(1).optional(),
});
const volume = z.object({ size: z.number() });
const network = z.object({
  internal: z.literal(true),
  ipamConfigs: z.tuple([z.object({ auxAddress: z.record(z.string(), z.string()).nullish() })]),
});
const record = z.object({ content: z.string() });

/** Docker's key for the default route of a network's containers. */
const DEFAULT_GATEWAY = "DefaultGatewayIPv4";

const nameOf = (urn: string): string => urn.slice(urn.lastIndexOf("::") + 2);

/** All resources of one type, with their names, whose outputs are of the expected form. */
const ofType = <T>(
  resources: readonly StateResource[],
  type: string,
  schema: z.ZodType<T>,
): { name: string; outputs: T }[] =>
  resources
    .filter((resource) => resource.type === type)
    .flatMap(({ urn, outputs }) => {
      const parsed = schema.safeParse(outputs);
      return parsed.success ? [{ name: nameOf(urn), outputs: parsed.data }] : [];
    });

/** By owner: of resources that are named after it. */
const byOwner = <T>(
  resources: readonly { name: string; outputs: T }[],
  logical: (owner: string) => string,
): Map<string, T> =>
  new Map(
    resources.flatMap(({ name, outputs }) => {
      const owner = ownerOf(name, logical);
      return owner === undefined ? [] : [[owner, outputs] as const];
    }),
  );

function serversIn(resources: readonly StateResource[]): Map<string, RegisteredServer> {
  const volumes = byOwner(ofType(resources, "hcloud:index/volume:Volume", volume), LOGICAL.data);
  const observed = byOwner(ofType(resources, "pulumi:index:Stash", facts), LOGICAL.facts);
  return new Map(
    ofType(resources, "hcloud:index/server:Server", server).map(({ name, outputs }) => {
      const { ipv4Address: address, serverType, location } = outputs;
      const volumeGb = volumes.get(name)?.size;
      const known: ServerFacts | undefined = observed.get(name)?.output;
      return [
        name,
        {
          serverType,
          location,
          ...(address === undefined ? {} : { address }),
          ...(volumeGb === undefined ? {} : { volumeGb }),
          ...(known === undefined ? {} : { facts: known }),
        },
      ];
    }),
  );
}

export function stateOf(all: Iterable<StateResource>): StackState {
  const resources = [...all];
  const slots = byOwner(ofType(resources, "pulumi:index:Stash", slot), LOGICAL.slot);
  const networks = byOwner(ofType(resources, "docker:index/network:Network", network), LOGICAL.network);
  const loads = ofType(resources, "docker:index/container:Container", loader);
  const records = ofType(resources, "cloudflare:index/dnsRecord:DnsRecord", record);
  return {
    registry: {
      agents: new Map([...slots].map(([agent, { output }]): [string, Slot] => [agent, output])),
      servers: serversIn(resources),
    },
    failedLoads: new Map(
      loads.filter(({ outputs }) => outputs.exitCode !== 0).map(({ outputs: { name, id } }) => [name, id]),
    ),
    unusedGateways: new Map(
      [...networks].map(([agent, { ipamConfigs }]) => [
        agent,
        ipamConfigs[0].auxAddress?.[DEFAULT_GATEWAY] !== undefined,
      ]),
    ),
    records: new Map(records.map(({ name, outputs }) => [name, outputs.content])),
  };
}
