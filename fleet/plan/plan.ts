/** Decides everything before the first resource is made: plain data that can be printed, compared and reviewed. */
import type { Catalogue } from "../hosts/hetzner/catalogue.ts";
import { type Change, changesOf } from "./changes.ts";
import { type Costs, costsOf } from "./costs.ts";
import { type DnsRecord, isPublic, publicAddressOf, recordsOf, tooManyRecords } from "./dns.ts";
import { type DockerEngine, engineOf } from "../hosts/connection.ts";
import { footprintOf, isMeasured } from "../../openclaw/footprint.ts";
import { agentObject, cloudName, hostnameOf, hostObject, LABELS, urlOf } from "../names.ts";
import { type Room, roomOf } from "../docker/subnets.ts";
import type { GrowthOption } from "../placement/growth.ts";
import { type Placement, placeFleet } from "../placement/place.ts";
import type { Site as Host } from "../placement/placement-host.ts";
import { FleetError } from "../config/problem.ts";
import { reachOf } from "../egress.ts";
import { renderEgressProxy } from "../services/egress-proxy/squid.ts";
import { DOCKER_ADDRESS } from "../hosts/hetzner/first-boot.ts";
import { renderIngress, type Site } from "../services/ingress/caddy.ts";
import { renderGateway } from "../../openclaw/config.ts";
import { renderTailnet } from "../services/tailnet/serve.ts";
import {
  planServer,
  planSite,
  type RentedServerPlan,
  type RentedSitePlan,
  tailnetName,
  unreachable,
} from "../hosts/hetzner/server.ts";
import type { AgentEntry, Fleet, HostEntry, ResourceClass } from "../config/schema.ts";
import type { Amounts, Machine } from "../placement/sizing.ts";
import { portOf, type Registry, type Slot } from "../placement/slots.ts";

/** A door: one container on the host's network, and the file it is run by. */
export interface DoorPlan {
  readonly image: string;
  readonly container: string;
  readonly volume: string;
  /** The one-shot container that hands the door a new file. */
  readonly loader: string;
  readonly config: string;
}

export interface TailnetPlan extends DoorPlan {
  /** Its name in the tailnet. */
  readonly node: string;
  /** Who it asks to let it in; undefined for Tailscale. */
  readonly loginServer: string | undefined;
  /** The volume where it meets the ingress. */
  readonly passage: string;
}

/** Where a host comes from: it is there already, or it is rented. */
export type Origin = { readonly kind: "own"; readonly engine: DockerEngine } | RentedServerPlan;

export interface HostPlan {
  readonly name: string;
  readonly origin: Origin;
  /** As it is sold or configured; null where that is not known. */
  readonly machine: {
    readonly memoryMb: number | null;
    readonly cpus: number | null;
    /** Where the agents' data is. */
    readonly diskGb: number | null;
  };
  /** What it can give to agents, in the order of `DIMENSIONS`; null where no limit is known. */
  readonly capacity: readonly (number | null)[];
  /** What its agents take of it. */
  readonly used: Amounts;
  /** Takes no agents. */
  readonly isDraining: boolean;
  readonly labels: Readonly<Record<string, string>>;
  readonly ingress: DoorPlan;
  readonly egressProxy: DoorPlan;
  /** Its node in the tailnet; undefined where there is no tailnet. */
  readonly tailnet: TailnetPlan | undefined;
}

export interface AgentPlan extends Slot {
  readonly name: string;
  readonly enabled: boolean;
  readonly class: string;
  readonly access: AgentEntry["access"];
  readonly limits: ResourceClass;
  /** What its host sets aside for it, MiB. */
  readonly reservationMb: number;
  readonly image: string;
  readonly url: string;
  readonly hostname: string;
  /** The port on the host's loopback address, for tunnels. */
  readonly loopbackPort: number;
  readonly room: Room;
  /** `open`, or the names it may reach. */
  readonly reach: readonly string[] | "open";
  /** The one physical name of its container and its network. */
  readonly object: string;
  readonly volume: string;
  readonly labels: Readonly<Record<string, string>>;
  /** The operator's, on the container alone: a network or a volume would be replaced for a label. */
  readonly ownLabels: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
  /** `openclaw.json`. */
  readonly config: string;
  readonly startSeconds: number;
  readonly stopSeconds: number;
}

export interface FleetPlan {
  readonly stack: string;
  readonly hosts: readonly HostPlan[];
  readonly agents: readonly AgentPlan[];
  /** What the operator must know of this plan, in sentences. */
  readonly notices: readonly string[];
  /** Against what exists. */
  readonly changes: readonly Change[];
  /** How room could be made for agents that had none. */
  readonly options: readonly GrowthOption[];
  readonly costs: Costs;
  /** What DNS has to say. */
  readonly records: readonly DnsRecord[];
  readonly dns: Fleet["dns"];
  /** What rented servers share; undefined where none is rented. */
  readonly site: RentedSitePlan | undefined;
}

/** The heap's share of the memory limit: the rest is for the engine's own buffers, SQLite and child processes. */
const HEAP_SHARE = 0.75;

/** What V8 may use of a memory limit, MiB. */
export const heapMb = (limitMb: number): number => Math.floor(limitMb * HEAP_SHARE);

const STATE = "/home/node/.openclaw";

/** @throws FleetError with everything that does not fit, and by how much. */
export function planFleet(fleet: Fleet, registry: Registry, stack: string, catalogue: Catalogue): FleetPlan {
  const placement = placeFleet(fleet, registry, catalogue, fleet.footprint ?? footprintOf(fleet.image));
  const agents = placement.sites
    .flatMap((site) =>
      site.agents.map(({ name, need }) =>
        planAgent(
          name,
          placement.slots[name] as Slot,
          need[0] ?? 0,
          { ...(fleet.hosts[site.options.entry] as HostEntry), cpus: machineOf(site, fleet).cpus },
          fleet,
          stack,
        ),
      ),
    )
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const byHost = Map.groupBy(agents, ({ host }) => host);
  const hosts = placement.sites.map((site) =>
    planHost(site, byHost.get(site.name) ?? [], registry, fleet, stack),
  );
  const servers = hosts.flatMap(({ name, origin }) =>
    origin.kind === "hetzner" ? [{ name, plan: origin }] : [],
  );
  const records = recordsOf(fleet.domain, agents.filter(isPublic), addressesOf(hosts, fleet, registry));
  const problems = [...unreachable(servers), ...tooManyRecords(records, fleet)];
  if (problems.length > 0) throw new FleetError(problems);
  return {
    stack,
    hosts,
    agents,
    notices: noticesOf(agents, placement, fleet, registry, stack),
    changes: changesOf(placement, registry, fleet),
    options: placement.growth.options,
    costs: costsOf(placement.sites, fleet, catalogue),
    records,
    dns: fleet.dns,
    site: planSite(
      servers.map(({ plan }) => plan),
      fleet,
      stack,
    ),
  };
}

const addressesOf = (
  hosts: readonly HostPlan[],
  fleet: Fleet,
  registry: Registry,
): Map<string, string | null> =>
  new Map(
    hosts.flatMap(({ name, origin }): [string, string | null][] => {
      const address =
        origin.kind === "hetzner"
          ? (registry.servers[name]?.address ?? null)
          : publicAddressOf(fleet.hosts[name]);
      return address === undefined ? [] : [[name, address]];
    }),
  );

/** Where an agent answers, by the way in that it is given. */
function addressOf(
  { access }: AgentEntry,
  {
    hostname,
    host,
    loopbackPort,
    fleet,
    stack,
  }: { hostname: string; host: string; loopbackPort: number; fleet: Fleet; stack: string },
): string {
  if (access === "loopback") return `http://127.0.0.1:${loopbackPort}`;
  if (access === "tailscale")
    return urlOf(tailnetName(stack, host, fleet.tailscale?.tailnet ?? ""), loopbackPort);
  return urlOf(hostname, fleet.ingress.port);
}

function planAgent(
  name: string,
  { host, slot }: Slot,
  reservationMb: number,
  { subnets, ports, cpus }: Pick<HostEntry, "subnets" | "ports"> & { readonly cpus: number | null },
  fleet: Fleet,
  stack: string,
): AgentPlan {
  const entry = fleet.agents[name] as AgentEntry;
  const className = entry.class ?? fleet.defaults.class;
  const allowed = fleet.classes[className] as ResourceClass;
  // Docker refuses to let a container have more CPUs than there are; a limit is in quarters.
  const there = cpus === null ? Number.POSITIVE_INFINITY : Math.max(0.25, Math.floor(cpus * 4) / 4);
  const limits = { ...allowed, cpus: Math.min(allowed.cpus, there) };
  const hostname = hostnameOf(name, fleet.domain);
  const loopbackPort = portOf(ports, slot);
  const url = addressOf(entry, { hostname, host, loopbackPort, fleet, stack });
  const room = roomOf(subnets, slot);
  const reach = reachOf(entry, fleet);
  return {
    name,
    host,
    slot,
    enabled: entry.enabled,
    class: className,
    access: entry.access,
    limits,
    reservationMb,
    image: fleet.image,
    url,
    hostname,
    loopbackPort,
    room,
    reach,
    object: agentObject(stack, name),
    volume: agentObject(stack, name),
    labels: { [LABELS.stack]: stack, [LABELS.agent]: name },
    ownLabels: entry.labels,
    env: environment(
      entry,
      limits,
      reach === "open" ? undefined : `http://${room.bridge}:${fleet.egressProxy.port}`,
    ),
    config: renderGateway(name, entry, fleet, { url, bridge: room.bridge }),
    startSeconds: fleet.defaults.startSeconds,
    stopSeconds: fleet.defaults.stopSeconds,
  };
}

function environment(
  entry: AgentEntry,
  limits: ResourceClass,
  proxy: string | undefined,
): Record<string, string> {
  return {
    ...entry.env,
    HOME: "/home/node",
    NODE_OPTIONS: `--max-old-space-size=${heapMb(limits.memoryMb)}`,
    OPENCLAW_CONFIG_PATH: `${STATE}/openclaw.json`,
    OPENCLAW_DISABLE_BONJOUR: "1",
    OPENCLAW_HOME: "/home/node",
    OPENCLAW_NO_AUTO_UPDATE: "1",
    OPENCLAW_STATE_DIR: STATE,
    OPENCLAW_WORKSPACE_DIR: `${STATE}/workspace`,
    // Without a writable cache the gateway refuses to start on a read-only root.
    XDG_CACHE_HOME: `${STATE}/cache`,
    ...(proxy === undefined
      ? {}
      : {
          OPENCLAW_PROXY_URL: proxy,
          HTTP_PROXY: proxy,
          HTTPS_PROXY: proxy,
          NO_PROXY: "localhost,127.0.0.1,::1",
        }),
  };
}

function originOf({ name, options }: Host, registry: Registry, fleet: Fleet, stack: string): Origin {
  const { offer, isDraining } = options;
  const entry = fleet.hosts[name];
  const engine = entry === undefined ? undefined : engineOf(entry);
  if (engine !== undefined) return { kind: "own", engine };
  if (offer === undefined) throw new TypeError(`${name} is neither there nor to be rented`);
  const { group, serverType, location, machine, monthly } = offer;
  return planServer(
    name,
    { group, serverType, location, volumeGb: machine.dataGb ?? 0, monthlyCost: monthly },
    registry.servers[name],
    { isDraining, fleet, stack },
  );
}

function machineOf({ name, options }: Host, fleet: Fleet): HostPlan["machine"] {
  const entry = fleet.hosts[name];
  const machine: Omit<Machine, "maxAgents"> | undefined =
    options.offer?.machine ?? (entry === undefined || entry.kind === "hetzner" ? undefined : entry);
  const { memoryMb = null, cpus = null, diskGb = null, dataGb = diskGb } = machine ?? {};
  return { memoryMb, cpus, diskGb: dataGb };
}

function planHost(
  host: Host,
  agents: readonly AgentPlan[],
  registry: Registry,
  fleet: Fleet,
  stack: string,
): HostPlan {
  const door = (part: string, image: string, config: string): DoorPlan => ({
    image,
    container: hostObject(stack, part),
    volume: hostObject(stack, part),
    loader: hostObject(stack, `${part}-config`),
    config,
  });
  const sites: Site[] = agents.map((agent) => ({
    hostname: isPublic(agent) ? agent.hostname : undefined,
    upstream: agent.enabled ? `${agent.room.agent}:18789` : undefined,
    loopbackPort: agent.loopbackPort,
    isInTailnet: agent.access === "tailscale",
  }));
  const guests = agents.filter(({ access }) => access === "tailscale");
  return {
    name: host.name,
    origin: originOf(host, registry, fleet, stack),
    machine: machineOf(host, fleet),
    capacity: host.options.capacity.map((amount) => (Number.isFinite(amount) ? amount : null)),
    used: host.used,
    isDraining: host.options.isDraining,
    labels: { [LABELS.stack]: stack },
    ingress: door(
      "ingress",
      fleet.ingress.image,
      renderIngress(fleet.domain, fleet.ingress, sites),
    ),
    egressProxy: door(
      "egress-proxy",
      fleet.egressProxy.image,
      renderEgressProxy(
        fleet.egressProxy.port,
        agents.flatMap((agent) =>
          agent.reach === "open"
            ? []
            : [{ name: agent.name, address: agent.room.agent, domains: agent.reach }],
        ),
      ),
    ),
    tailnet:
      fleet.tailscale === undefined
        ? undefined
        : {
            ...door(
              "tailnet",
              fleet.tailscale.image,
              renderTailnet(
                guests.map(({ loopbackPort }) => loopbackPort),
                host.options.offer === undefined ? undefined : DOCKER_ADDRESS,
              ),
            ),
            passage: hostObject(stack, "passage"),
            node: cloudName(stack, host.name),
            loginServer: fleet.tailscale.loginServer,
          },
  };
}

/** What Let's Encrypt gives to the names below one domain in a week. */
const WEEKLY_CERTIFICATES = 50;

/** And to the same set of names, as each host of a fleet with wildcards asks for. */
const WEEKLY_DUPLICATES = 5;

function certificateNotice(
  agents: readonly AgentPlan[],
  { ingress, domain }: Fleet,
  registry: Registry,
): string[] {
  if (ingress.tls === "wildcard") {
    const known = new Set(Object.values(registry.agents).map(({ host }) => host));
    const hosts = new Set(agents.flatMap(({ host }) => (known.has(host) ? [] : [host]))).size;
    return hosts > WEEKLY_DUPLICATES
      ? [
          `${hosts} hosts need a certificate for *.${domain}, and Let's Encrypt gives ${WEEKLY_DUPLICATES} a week for the same names: bring them up in several weeks. Until then the agents on the others cannot be reached.`,
        ]
      : [];
  }
  const fresh = agents.filter(
    (agent) => isPublic(agent) && !Object.hasOwn(registry.agents, agent.name),
  ).length;
  return ingress.tls === "acme" && fresh > WEEKLY_CERTIFICATES
    ? [
        `${fresh} agents need a new certificate, and Let's Encrypt gives ${WEEKLY_CERTIFICATES} a week to the names below ${domain}: bring them up in several weeks, or ask for a higher limit. Until then the others cannot be reached.`,
      ]
    : [];
}

function noticesOf(
  agents: readonly AgentPlan[],
  { moves, sites }: Placement,
  fleet: Fleet,
  registry: Registry,
  stack: string,
): string[] {
  const open = agents.filter(({ reach }) => reach === "open").map(({ name }) => name);
  const gone = Object.keys(registry.agents).filter((name) => !Object.hasOwn(fleet.agents, name));
  const names = new Set(sites.map(({ name }) => name));
  const strangers = Object.entries(fleet.hosts).flatMap(([group, entry]) =>
    entry.kind === "hetzner"
      ? entry.drain.filter((name) => !names.has(name)).map((name) => ({ group, name }))
      : [],
  );
  return [
    ...(fleet.footprint === undefined && !isMeasured(fleet.image)
      ? [
          `${fleet.image} was not measured: it is taken to need what the newest measured image does. Measure it: npm run footprint -- ${fleet.image}`,
        ]
      : []),
    ...certificateNotice(agents, fleet, registry),
    ...strangers.map(({ group, name }) => `hosts.${group}.drain names ${name}, which does not exist.`),
    ...open.map((name) => `${name} has open egress: it reaches the whole internet, past the egress proxy.`),
    ...agents.flatMap(({ name, host, class: className, limits: { cpus } }) => {
      const allowed = fleet.classes[className]?.cpus ?? cpus;
      return cpus === allowed
        ? []
        : [
            `${name} may use ${cpus} of the ${allowed} CPUs that class ${className} allows: ${host} has no more.`,
          ];
    }),
    ...moves.map(
      ({ agent, from }) =>
        `${agent} moves; its data stays on ${from}, in volume ${agentObject(stack, agent)}.`,
    ),
    ...gone
      .toSorted()
      .map(
        (name) =>
          `${name} leaves the fleet; its data stays in volume ${agentObject(stack, name)}. To delete it for good: npm run purge -- ${name}`,
      ),
  ];
}
