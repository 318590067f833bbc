/** What a stack's resources say about the fleet that exists, whichever way they were read. */
import { z } from "zod";
import { LABELS, LOGICAL, ownerOf } from "../fleet/names.ts";
import {
  type KnownAgent,
  type KnownContainer,
  type KnownObject,
  type KnownObjects,
  objectKey,
  type RegisteredServer,
  type Registry,
  type ServerFacts,
  type Slot,
} from "../fleet/registry.ts";

export interface StackState {
  readonly registry: Registry;
  readonly objects: KnownObjects;
  readonly agents: ReadonlyMap<string, KnownAgent>;
  /** By host: the id of its Docker daemon, where an update has found it. */
  readonly daemons: ReadonlyMap<string, string>;
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
const label = z.object({ label: z.string(), value: z.string() });
/** Of an object whose creation failed half-way, some engines keep the inputs only. */
const object = z.object({ id: z.string().default(""), name: z.string(), labels: z.array(label).nullish() });
const mb = z.number().nullish();
const container = object.extend({
  image: z.string().default(""),
  uploads: z.array(z.object({ content: z.string().nullish() })).nullish(),
  attach: z.boolean().nullish(),
  exitCode: z.number().nullish(),
  memory: mb,
  memorySwap: mb,
  memoryReservation: mb,
  cpus: z.string().nullish(),
  restart: z.string().nullish(),
  networksAdvanced: z.array(z.object({ name: z.string() })).nullish(),
});
const agent = z.object({
  url: z.string(),
  egress: z.union([z.literal("open"), z.array(z.string())]).optional(),
});
const host = z.object({ daemon: z.string().min(1) });
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

const MIB = 1024 ** 2;

const bytes = (megabytes: number | null | undefined): number => (megabytes ?? 0) * MIB;

const labelsOf = (labels: z.infer<typeof object>["labels"]): Record<string, string> =>
  Object.fromEntries((labels ?? []).map(({ label: name, value }) => [name, value]));

const knownContainer = ({
  image,
  uploads,
  attach,
  exitCode,
  memory,
  memorySwap,
  memoryReservation,
  cpus,
  restart,
  networksAdvanced,
  labels,
}: z.infer<typeof container>): KnownContainer => ({
  image,
  labels: labelsOf(labels),
  ...(attach === true ? { exitCode: exitCode ?? 0 } : {}),
  limits: {
    memory: bytes(memory),
    memorySwap: bytes(memorySwap),
    memoryReservation: bytes(memoryReservation),
    nanoCpus: Math.round(Number(cpus ?? 0) * 1e9),
  },
  restartPolicy: restart ?? "no",
  ...(networksAdvanced == null || networksAdvanced.length === 0
    ? {}
    : { networks: networksAdvanced.map(({ name }) => name) }),
  ...(uploads?.[0]?.content == null ? {} : { config: uploads[0].content }),
});

const known = (kind: KnownObject["kind"], { id, name, labels }: z.infer<typeof object>): KnownObject => ({
  kind,
  id,
  name,
  repairs: Number(labelsOf(labels)[LABELS.repairs] ?? 0),
});

const OBJECTS: Readonly<Record<string, (outputs: unknown) => KnownObject | undefined>> = {
  "docker:index/container:Container": (outputs) => {
    const { data } = container.safeParse(outputs);
    return data && { ...known("container", data), container: knownContainer(data) };
  },
  "docker:index/network:Network": (outputs) => {
    const { data } = object.safeParse(outputs);
    return data && known("network", data);
  },
  "docker:index/volume:Volume": (outputs) => {
    const { data } = object.safeParse(outputs);
    return data && known("volume", data);
  },
};

/** An agent and a host may give an object of theirs the same logical name: what it belongs to is in its URN. */
const isOfAgent = ({ urn }: StateResource): boolean => urn.includes("agent-fleet:index:IsolatedAgent$");

const objectsIn = (resources: readonly StateResource[]): ReadonlyMap<string, KnownObject> =>
  new Map(
    resources.flatMap(({ urn, type, outputs }) => {
      const object = Object.hasOwn(OBJECTS, type) ? OBJECTS[type]?.(outputs) : undefined;
      return object === undefined ? [] : [[objectKey(object.kind, nameOf(urn)), object] as const];
    }),
  );

export function stateOf(all: Iterable<StateResource>): StackState {
  const resources = [...all];
  const slots = byOwner(ofType(resources, "pulumi:index:Stash", slot), LOGICAL.slot);
  const networks = byOwner(ofType(resources, "docker:index/network:Network", network), LOGICAL.network);
  const records = ofType(resources, "cloudflare:index/dnsRecord:DnsRecord", record);
  return {
    registry: {
      agents: new Map([...slots].map(([agent, { output }]): [string, Slot] => [agent, output])),
      servers: serversIn(resources),
    },
    objects: {
      ofAgents: objectsIn(resources.filter(isOfAgent)),
      ofHosts: objectsIn(resources.filter((resource) => !isOfAgent(resource))),
    },
    agents: new Map(
      ofType(resources, "agent-fleet:index:IsolatedAgent", agent).map(({ name, outputs }) => [name, outputs]),
    ),
    daemons: new Map(
      ofType(resources, "agent-fleet:index:AgentHost", host).map(({ name, outputs }) => [
        name,
        outputs.daemon,
      ]),
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
