/** What a fleet's servers share in its Hetzner project: the private network, placement groups and firewalls. */
import type { Problem } from "../../config/problem.ts";
import { parseCidr, renderAddress, sizeOf } from "../../ipv4.ts";
import { cloudName, LABELS } from "../../names.ts";
import type { HetznerServerPlan } from "./server.ts";
import { ZONE_NAMES, zoneOf } from "./zones.ts";

interface NamedPart {
  readonly name: string;
  readonly physicalName: string;
}

export interface FirewallPlan extends NamedPart {
  readonly sshFrom: readonly string[];
  readonly ports: readonly number[];
}

export interface HetznerProjectPlan {
  readonly network: {
    readonly physicalName: string;
    readonly range: string;
    /** By network zone. */
    readonly subnets: Readonly<Record<string, string>>;
  };
  readonly placementGroups: readonly NamedPart[];
  /** One for each group of servers. */
  readonly firewalls: readonly FirewallPlan[];
  readonly labels: Readonly<Record<string, string>>;
}

/** Undefined where there are no servers. */
export function planProject(
  servers: readonly HetznerServerPlan[],
  privateNetwork: string,
  stack: string,
): HetznerProjectPlan | undefined {
  if (servers.length === 0) return undefined;
  const zones = new Set(servers.map(({ location }) => zoneOf(location)));
  const named = (name: string): NamedPart => ({ name, physicalName: cloudName("fleet", stack, name) });
  return {
    network: {
      physicalName: cloudName("fleet", stack),
      range: privateNetwork,
      subnets: Object.fromEntries(
        ZONE_NAMES.filter((zone) => zones.has(zone)).map((zone) => [zone, subnetOf(zone, privateNetwork)]),
      ),
    },
    placementGroups: [...new Set(servers.map(({ placementGroup }) => placementGroup))].map(named),
    firewalls: [...Map.groupBy(servers, ({ group }) => group)].flatMap(([group, [first]]) =>
      first === undefined ? [] : [{ ...named(group), sshFrom: first.sshFrom, ports: first.publicPorts }],
    ),
    labels: { [LABELS.stack]: stack },
  };
}

/** Each zone has its own eighth of the range, used or not, so that no subnet moves when a zone is added. */
function subnetOf(zone: string, privateNetwork: string): string {
  const range = parseCidr(privateNetwork);
  const size = sizeOf(range) / 8;
  return `${renderAddress(range.first + ZONE_NAMES.indexOf(zone) * size)}/${32 - Math.log2(size)}`;
}

/** A new server whose SSH is closed could never be reached: it joins the tailnet only once it is. */
export const unreachableServers = (
  servers: readonly { readonly name: string; readonly server: HetznerServerPlan }[],
): Problem[] =>
  servers
    .filter(({ server }) => server.sshAddress !== undefined && server.known === undefined)
    .map(({ name, server: { group } }) => ({
      path: `hosts.${group}.sshFrom`,
      value: [],
      message: `${name} is new and not yet in the tailnet, so it could not be reached`,
      remedy: "name your own address there, bring the fleet up, and close it again",
    }));
