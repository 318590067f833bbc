/** What a group of servers at Hetzner must be beyond its shape. */
import type { Problem } from "../../config/problem.ts";
import { overlaps, parseCidr } from "../../ipv4.ts";
import { isServerOf } from "../../names.ts";
import { list } from "../../text.ts";
import type { HostRuleContext } from "../host.ts";
import type { HetznerSettings } from "./settings.ts";
import { LOCATIONS, zoneOf } from "./zones.ts";

type HetznerRule = (settings: HetznerSettings, context: HostRuleContext) => readonly Problem[];

/** Servers are named after their group, so no other host may have a name that a server could get. */
const serverNamesAreFree: HetznerRule = (_, { name: group, hostNames }) =>
  hostNames
    .filter((name) => isServerOf(name, group))
    .map((name) => ({
      path: `hosts.${name}`,
      message: `servers of group ${group} are named ${group}-1, ${group}-2, …`,
      remedy: "rename one of the two",
    }));

const serversAreOfTheirGroup: HetznerRule = ({ drain, retire }, { name: group }) =>
  Object.entries({ drain, retire }).flatMap(([setting, servers]) =>
    servers.flatMap((server, index) =>
      isServerOf(server, group)
        ? []
        : [
            {
              path: `hosts.${group}.${setting}.${index}`,
              value: server,
              message: `no server of group ${group} can have that name`,
              remedy: `use a name such as ${group}-1`,
            },
          ],
    ),
  );

const locationsAreInAZone: HetznerRule = ({ locations }, { name: group }) =>
  locations.flatMap((location, index) =>
    zoneOf(location) === undefined
      ? [
          {
            path: `hosts.${group}.locations.${index}`,
            value: location,
            message: "the network zone of this location is not known",
            remedy: `use one of ${list(LOCATIONS)}`,
          },
        ]
      : [],
  );

const closedSshHasAnotherWay: HetznerRule = ({ sshFrom }, { name: group, hasTailnet }) =>
  sshFrom.length > 0 || hasTailnet
    ? []
    : [
        {
          path: `hosts.${group}.sshFrom`,
          value: sshFrom,
          message: "sshFrom is empty and no tailnet is configured, so the servers would be unreachable",
          remedy: "name your own address, such as 203.0.113.7/32, or a tailnet under tailscale",
        },
      ];

const networksAreApart: HetznerRule = ({ subnets }, { name: group, privateNetwork }) =>
  overlaps(parseCidr(subnets), parseCidr(privateNetwork))
    ? [
        {
          path: "privateNetwork",
          value: privateNetwork,
          message: `it overlaps the agents' networks of hosts.${group}, ${subnets}`,
          remedy: "use another private range for one of the two",
        },
      ]
    : [];

/** By name, so that a test can tell that each has its cases. */
export const HETZNER_RULES: Readonly<Record<string, HetznerRule>> = {
  serverNamesAreFree,
  serversAreOfTheirGroup,
  locationsAreInAZone,
  closedSshHasAnotherWay,
  networksAreApart,
};
