/** What is rented beside the containers: each server and its parts, and what a fleet's servers share. */
import { cloudName, LABELS } from "../../names.ts";
import { parseCidr, renderAddress } from "../../docker/subnets.ts";
import type { Problem } from "../../config/problem.ts";
import { renderFirstBoot } from "./first-boot.ts";
import type { Fleet, HetznerServers } from "../../config/schema.ts";
import type { Identity, RegisteredServer } from "../../placement/slots.ts";

/** One server, with all that is its own. */
export interface RentedServerPlan {
  readonly kind: "hetzner";
  readonly group: string;
  /** Its name at the provider's, and the beginning of its parts' names. */
  readonly physicalName: string;
  readonly serverType: string;
  readonly location: string;
  readonly image: string;
  /** Its data volume, GB; 0 for none. */
  readonly volumeGb: number;
  /** The name of that at the provider's. */
  readonly dataVolume: string | undefined;
  /** Net, in the catalogue's currency. */
  readonly monthlyCost: number;
  /** The group of servers that stand apart from each other. */
  readonly spread: string;
  readonly userData: string;
  /** Whether the provider refuses to delete it. */
  readonly isProtected: boolean;
  /** The private key's file; undefined for what `ssh` would use. */
  readonly key: string | undefined;
  /** Where SSH answers, where that is not the server's public address. */
  readonly sshAddress: string | undefined;
  readonly readySeconds: number;
  /** What it was when it was last found ready. */
  readonly known: Identity | undefined;
  readonly labels: Readonly<Record<string, string>>;
}

/** What the servers of one group have in common. */
export interface RentedGroupPlan {
  readonly name: string;
  readonly firewall: { readonly sshFrom: readonly string[]; readonly ports: readonly number[] };
  /** The groups of servers that stand apart. */
  readonly spreads: readonly string[];
}

/** What all rented servers have in common. */
export interface RentedSitePlan {
  /** The beginning of the physical names. */
  readonly physicalName: string;
  readonly network: { readonly range: string; readonly subnets: Readonly<Record<string, string>> };
  readonly groups: readonly RentedGroupPlan[];
  readonly labels: Readonly<Record<string, string>>;
}

/** Hetzner's network zones: a subnet is of one. */
const ZONES: Readonly<Record<string, readonly string[]>> = {
  "eu-central": ["fsn1", "nbg1", "hel1"],
  "us-east": ["ash"],
  "us-west": ["hil"],
  "ap-southeast": ["sin"],
};

const ZONE_NAMES = Object.keys(ZONES);

export const LOCATIONS = Object.values(ZONES).flat();

export const zoneOf = (location: string): string | undefined =>
  ZONE_NAMES.find((zone) => ZONES[zone]?.includes(location));

/** Hetzner lets no more servers stand apart from each other. */
const SPREAD_SIZE = 10;

/** By the server's number, so that no server ever changes its group. */
const spreadOf = (server: string): number =>
  Math.ceil(Number(server.slice(server.lastIndexOf("-") + 1)) / SPREAD_SIZE);

const isSshClosed = ({ sshFrom }: HetznerServers): boolean => sshFrom.length === 0;

/** A node's name in the tailnet. */
export const tailnetName = (stack: string, host: string, tailnet: string): string =>
  `${cloudName(stack, host)}.${tailnet}`;

const doorPorts = ({ ingress: { port, httpPort } }: Fleet): number[] =>
  httpPort === undefined ? [port] : [httpPort, port];

export function planServer(
  name: string,
  offer: { group: string; serverType: string; location: string; volumeGb: number; monthlyCost: number },
  known: RegisteredServer | undefined,
  { isDraining, fleet, stack }: { isDraining: boolean; fleet: Fleet; stack: string },
): RentedServerPlan {
  const group = fleet.hosts[offer.group] as HetznerServers;
  // A volume can grow, and cannot be made smaller.
  const volumeGb = Math.max(offer.volumeGb, known?.volumeGb ?? 0);
  const physicalName = cloudName("fleet", stack, name);
  return {
    kind: "hetzner",
    ...offer,
    volumeGb,
    physicalName,
    dataVolume: volumeGb > 0 ? `${physicalName}-data` : undefined,
    image: group.image,
    spread: `${offer.group}-spread-${spreadOf(name)}`,
    userData: renderFirstBoot({
      publicKeys: group.publicKeys,
      subnets: group.subnets,
      doorPorts: [...doorPorts(fleet), fleet.egressProxy.port],
      hasDataVolume: volumeGb > 0,
    }),
    isProtected: group.protection && !isDraining,
    key: group.key,
    sshAddress:
      isSshClosed(group) && fleet.tailscale !== undefined
        ? tailnetName(stack, name, fleet.tailscale.tailnet)
        : undefined,
    readySeconds: group.readySeconds,
    known: known?.identity,
    labels: { [LABELS.stack]: stack, [LABELS.host]: name },
  };
}

/** Undefined where nothing is rented. */
export function planSite(
  servers: readonly RentedServerPlan[],
  fleet: Fleet,
  stack: string,
): RentedSitePlan | undefined {
  if (servers.length === 0) return undefined;
  const zones = new Set(servers.map(({ location }) => zoneOf(location)));
  return {
    physicalName: cloudName("fleet", stack),
    network: {
      range: fleet.privateNetwork,
      subnets: Object.fromEntries(
        ZONE_NAMES.filter((zone) => zones.has(zone)).map((zone) => [zone, subnetOf(zone, fleet)]),
      ),
    },
    groups: [...Map.groupBy(servers, ({ group }) => group)].map(([name, members]) => {
      const { sshFrom } = fleet.hosts[name] as HetznerServers;
      return {
        name,
        firewall: { sshFrom, ports: doorPorts(fleet) },
        spreads: [...new Set(members.map(({ spread }) => spread))],
      };
    }),
    labels: { [LABELS.stack]: stack },
  };
}

/** Each zone has its own eighth of the range, whether it is used or not: so no subnet moves when a zone is added. */
function subnetOf(zone: string, { privateNetwork }: Fleet): string {
  const { first, end } = parseCidr(privateNetwork);
  const size = (end - first) / 8;
  const prefix = 32 - Math.log2(size);
  return `${renderAddress(first + ZONE_NAMES.indexOf(zone) * size)}/${prefix}`;
}

/** A new server of a group whose SSH is closed could never be reached: it joins the tailnet only once it is. */
export const unreachable = (
  servers: readonly { readonly name: string; readonly plan: RentedServerPlan }[],
): Problem[] =>
  servers
    .filter(({ plan }) => plan.sshAddress !== undefined && plan.known === undefined)
    .map(({ name, plan: { group } }) => ({
      path: `hosts.${group}.sshFrom`,
      value: [],
      message: `${name} is new and not yet in the tailnet, so nobody could reach it`,
      remedy: "name your own address there, bring the fleet up, and close it again",
    }));
