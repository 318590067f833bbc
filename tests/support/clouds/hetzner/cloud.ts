/** A project at Hetzner: what is in it, and how one looks things up. */
import type { Asked } from "../routes.ts";
import { Actions } from "./actions.ts";
import type { Hooks } from "./hooks.ts";
import { selects } from "./pages.ts";
import type {
  Firewall,
  Labels,
  Named,
  Network,
  PlacementGroup,
  PrimaryIp,
  Server,
  SshKey,
  Volume,
} from "./records.ts";
import { invalid, Refusal } from "./refusal.ts";
import { LOCATIONS, type Location, SERVER_TYPES, type ServerType } from "./sold.ts";

/** Reserved for documentation (RFC 5737). */
const DOCUMENTATION = ["203.0.113", "198.51.100", "192.0.2"].flatMap((net) =>
  Array.from({ length: 254 }, (_, index) => `${net}.${index + 1}`),
);

const FIRST_ID = 1_000_001;

export interface CloudOptions extends Hooks {
  /** The public IPv4 addresses there are to be had, in the order in which they are given out. */
  readonly addresses?: readonly string[];
  /** How long an action runs. */
  readonly actionMs?: number | ((command: string) => number);
  /** How long a server takes to go off after the action `shutdown` has ended; an action is not its end. */
  readonly shutdownMs?: number;
  /** How long an address is still called assigned after its server is gone, as happens at times. */
  readonly releaseMs?: number;
  /** How much of a kind the account may have: `{ servers: 5 }`. */
  readonly limits?: Readonly<Partial<Record<Kind, number>>>;
}

export type Kind =
  | "servers"
  | "volumes"
  | "primary_ips"
  | "networks"
  | "firewalls"
  | "placement_groups"
  | "ssh_keys";

export class Cloud {
  readonly servers = new Map<number, Server>();
  readonly volumes = new Map<number, Volume>();
  readonly primaryIps = new Map<number, PrimaryIp>();
  readonly networks = new Map<number, Network>();
  readonly firewalls = new Map<number, Firewall>();
  readonly placementGroups = new Map<number, PlacementGroup>();
  readonly sshKeys = new Map<number, SshKey>();
  /** Types that a location has run out of: `cx23@fsn1`. */
  readonly soldOut = new Set<string>();
  readonly actions: Actions;
  readonly options: CloudOptions;
  #nextId = FIRST_ID;

  constructor(options: CloudOptions) {
    const { actionMs = 50 } = options;
    this.options = options;
    this.actions = new Actions(() => this.nextId(), typeof actionMs === "number" ? () => actionMs : actionMs);
  }

  /** One row of numbers for everything: what is taken for something else is not found. */
  nextId(): number {
    this.#nextId += 1;
    return this.#nextId - 1;
  }

  /** What something new has in common with all else. */
  begin(name: string, labels: Labels = {}): Named {
    return { id: this.nextId(), name, labels, created: new Date().toISOString() };
  }

  refuseTaken(kind: Kind, records: ReadonlyMap<number, Named>, name: string, except?: Named): void {
    const taken = [...records.values()].some((each) => each.name === name && each !== except);
    if (taken) throw new Refusal("uniqueness_error", `${kind}: name is already used`);
  }

  refuseTooMany(kind: Kind, records: ReadonlyMap<number, Named>): void {
    if (records.size < (this.options.limits?.[kind] ?? Number.POSITIVE_INFINITY)) return;
    throw new Refusal("resource_limit_exceeded", `${kind}: limit reached`);
  }

  location(wanted: string | number): Location {
    const found = LOCATIONS.find(({ id, name }) => id === wanted || name === wanted);
    if (!found) throw invalid("location", `unknown location ${wanted}`);
    return found;
  }

  serverType(wanted: string | number): ServerType {
    const found = SERVER_TYPES.find(({ id, name }) => id === wanted || name === wanted);
    if (!found) throw invalid("server_type", `unknown server type ${wanted}`);
    return found;
  }

  refuseUnavailable(type: ServerType, location: string): void {
    const offered = type.locations.some(({ name }) => name === location);
    if (offered && !this.soldOut.has(`${type.name}@${location}`)) return;
    throw new Refusal("resource_unavailable", `server type ${type.name} is not available in ${location}`);
  }

  freeIpv4(): string {
    const taken = new Set([...this.primaryIps.values()].map(({ ip }) => ip));
    const free = (this.options.addresses ?? DOCUMENTATION).find((address) => !taken.has(address));
    if (free === undefined) throw new Refusal("resource_unavailable", "no IPv4 address is available");
    return free;
  }

  volumesOf = (server: Server): Volume[] =>
    [...this.volumes.values()].filter((volume) => volume.server === server.id);

  addressesOf = (server: Server): PrimaryIp[] =>
    [...this.primaryIps.values()].filter(({ assignee }) => assignee === server.id);

  serversUnder = ({ servers, selectors }: Firewall): Server[] =>
    [...this.servers.values()].filter(
      ({ id, labels }) => servers.has(id) || [...selectors].some((each) => selects(each, labels)),
    );

  serversIn = (network: Network): Server[] =>
    [...this.servers.values()].filter(({ privateNet }) =>
      privateNet.some((each) => each.network === network.id),
    );
}

/** @throws Refusal when there is none */
export function find<T>(kind: string, records: ReadonlyMap<number, T>, id: number): T {
  const found = records.get(id);
  if (found === undefined) throw new Refusal("not_found", `${kind} with ID '${id}' not found`);
  return found;
}

/** The one that a path names. */
export const findAsked = <T>(kind: string, records: ReadonlyMap<number, T>, { parts }: Asked): T =>
  find(kind, records, Number(parts["id"]));

export function refuseProtected(kind: string, { protection }: { protection: { delete: boolean } }): void {
  if (protection.delete) throw new Refusal("protected", `${kind} deletion is protected`);
}
