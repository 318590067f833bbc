/** Decides everything before the first resource is made: plain data that can be printed, compared and reviewed. */
import { agentObject, hostnameOf, hostObject, LABELS, urlOf } from "./names.ts";
import { type Room, roomOf } from "./network.ts";
import { reachOf } from "./reach.ts";
import { renderBackDoor } from "./render/back-door.ts";
import { renderFrontDoor, type Site } from "./render/front-door.ts";
import { renderGateway } from "./render/gateway.ts";
import type { AgentEntry, Fleet, HostEntry, ResourceClass } from "./schema.ts";
import { assignSlots, type Registry, type Slot } from "./slots.ts";

/** A door: one container on the host's network, and the file it is run by. */
export interface DoorPlan {
  readonly image: string;
  readonly container: string;
  readonly volume: string;
  /** The one-shot container that hands the door a new file. */
  readonly loader: string;
  readonly config: string;
}

export interface HostPlan {
  readonly name: string;
  /** Where the Docker engine answers. */
  readonly address: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly frontDoor: DoorPlan;
  readonly backDoor: DoorPlan;
}

export interface AgentPlan extends Slot {
  readonly name: string;
  readonly enabled: boolean;
  readonly class: string;
  readonly limits: ResourceClass;
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
}

/** The heap's share of the memory limit: the rest is for the engine's own buffers, SQLite and child processes. */
const HEAP_SHARE = 0.75;

const STATE = "/home/node/.openclaw";

/** @throws FleetError when the hosts have no slot left for an agent. */
export function planFleet(fleet: Fleet, registry: Registry, stack: string): FleetPlan {
  const slots = assignSlots(fleet, registry);
  const agents = Object.keys(fleet.agents)
    .toSorted()
    .map((name) => planAgent(name, slots[name] as Slot, fleet, stack));
  const hosts = Object.entries(fleet.hosts)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, host]) =>
      planHost(
        name,
        host,
        agents.filter((agent) => agent.host === name),
        fleet,
        stack,
      ),
    );
  return { stack, hosts, agents, notices: noticesOf(agents, fleet, registry, stack) };
}

function planAgent(name: string, { host, slot }: Slot, fleet: Fleet, stack: string): AgentPlan {
  const entry = fleet.agents[name] as AgentEntry;
  const { rooms, ports } = fleet.hosts[host] as HostEntry;
  const className = entry.class ?? fleet.defaults.class;
  const limits = fleet.classes[className] as ResourceClass;
  const hostname = hostnameOf(name, fleet.domain);
  const url = urlOf(hostname, fleet.frontDoor.port);
  const room = roomOf(rooms, slot);
  const reach = reachOf(entry, fleet);
  return {
    name,
    host,
    slot,
    enabled: entry.enabled,
    class: className,
    limits,
    image: fleet.image,
    url,
    hostname,
    loopbackPort: ports[0] + slot,
    room,
    reach,
    object: agentObject(stack, name),
    volume: agentObject(stack, name),
    labels: { [LABELS.stack]: stack, [LABELS.agent]: name },
    ownLabels: entry.labels,
    env: environment(
      entry,
      limits,
      reach === "open" ? undefined : `http://${room.bridge}:${fleet.backDoor.port}`,
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
    NODE_OPTIONS: `--max-old-space-size=${Math.floor(limits.memoryMb * HEAP_SHARE)}`,
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

function planHost(
  name: string,
  host: HostEntry,
  agents: readonly AgentPlan[],
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
  const sites: Site[] = agents.map(({ hostname, room, loopbackPort, enabled }) => ({
    hostname,
    upstream: enabled ? `${room.agent}:18789` : undefined,
    loopbackPort,
  }));
  return {
    name,
    address: host.address,
    labels: { [LABELS.stack]: stack },
    frontDoor: door(
      "front-door",
      fleet.frontDoor.image,
      renderFrontDoor(fleet.domain, fleet.frontDoor, sites),
    ),
    backDoor: door(
      "back-door",
      fleet.backDoor.image,
      renderBackDoor(
        fleet.backDoor.port,
        agents.flatMap((agent) =>
          agent.reach === "open"
            ? []
            : [{ name: agent.name, address: agent.room.agent, domains: agent.reach }],
        ),
      ),
    ),
  };
}

function noticesOf(agents: readonly AgentPlan[], fleet: Fleet, registry: Registry, stack: string): string[] {
  const open = agents.filter(({ reach }) => reach === "open").map(({ name }) => name);
  const gone = Object.keys(registry).filter((name) => !Object.hasOwn(fleet.agents, name));
  return [
    ...open.map((name) => `${name} has open egress: it reaches the whole internet, past the back door.`),
    ...gone
      .toSorted()
      .map(
        (name) =>
          `${name} leaves the fleet; its data stays in volume ${agentObject(stack, name)}. To delete it for good: npm run purge -- ${name}`,
      ),
  ];
}
