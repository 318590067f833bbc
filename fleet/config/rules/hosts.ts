/** What hosts must be, each and together. */
import { engineOf } from "../../hosts/connection.ts";
import { overlaps, parseCidr } from "../../docker/subnets.ts";
import type { Problem } from "../problem.ts";
import { LOCATIONS, zoneOf } from "../../hosts/hetzner/server.ts";
import { type PortRange, parsePorts } from "../../placement/slots.ts";
import { eachHost, isServerOf, list, type Rule, serverGroups } from "./rule.ts";

export const hasHosts: Rule = (fleet) =>
  Object.keys(fleet.hosts).length > 0
    ? []
    : [
        {
          path: "hosts",
          value: fleet.hosts,
          message: "the fleet has no host",
          remedy: "add one, such as `local: { kind: docker }`",
        },
      ];

/** A server is named after its group, so no other host may have a name that a server could get. */
export const serverNamesAreFree: Rule = (fleet) =>
  serverGroups(fleet).flatMap(([group]) =>
    Object.keys(fleet.hosts)
      .filter((name) => isServerOf(name, group))
      .map((name) => ({
        path: `hosts.${name}`,
        message: `servers of group ${group} are named ${group}-1, ${group}-2, …`,
        remedy: "rename one of the two",
      })),
  );

export const serversAreOfTheirGroup: Rule = (fleet) =>
  serverGroups(fleet).flatMap(([group, { drain, retire }]) =>
    Object.entries({ drain, retire }).flatMap(([list, servers]) =>
      servers.flatMap((server, index) =>
        isServerOf(server, group)
          ? []
          : [
              {
                path: `hosts.${group}.${list}.${index}`,
                value: server,
                message: `no server of group ${group} can have that name`,
                remedy: `use a name such as ${group}-1`,
              },
            ],
      ),
    ),
  );

/** Hetzner's subnets are each in one network zone. */
export const locationsAreInAZone: Rule = (fleet) =>
  serverGroups(fleet).flatMap(([group, { locations }]) =>
    locations.flatMap((location, index) =>
      zoneOf(location) === undefined
        ? [
            {
              path: `hosts.${group}.locations.${index}`,
              value: location,
              message: "it is not known which network zone this location is in",
              remedy: `use one of ${list(LOCATIONS)}`,
            },
          ]
        : [],
    ),
  );

export const closedSshHasAnotherWay: Rule = (fleet) =>
  serverGroups(fleet).flatMap(([group, { sshFrom }]) =>
    sshFrom.length > 0 || fleet.tailscale !== undefined
      ? []
      : [
          {
            path: `hosts.${group}.sshFrom`,
            value: sshFrom,
            message:
              "SSH is let in from nowhere, and the fleet is in no tailnet: nobody could reach the servers",
            remedy: "name your own address, such as 203.0.113.7/32, or a tailnet under tailscale",
          },
        ],
  );

export const networksAreApart: Rule = (fleet) =>
  serverGroups(fleet)
    .filter(([, { subnets }]) => overlaps(parseCidr(subnets), parseCidr(fleet.privateNetwork)))
    .map(([group, { subnets }]) => ({
      path: "privateNetwork",
      value: fleet.privateNetwork,
      message: `it overlaps the subnets of hosts.${group}, ${subnets}`,
      remedy: "use another private range for one of the two",
    }));

/** Ranges that other services on such hosts are given by the guides that their operators follow. */
const RESERVED_PORTS: readonly (PortRange & { readonly purpose: string })[] = [
  { first: 3000, last: 3000, purpose: "a management panel" },
  { first: 18_900, last: 18_999, purpose: "future services" },
];

const meet = (a: PortRange, b: PortRange): boolean => a.first <= b.last && b.first <= a.last;

export const portRangesAreUsable = eachHost((name, { ports }, fleet) =>
  ports.flatMap((text, index) => {
    const range = parsePorts(text);
    const problem = (message: string, remedy: string): Problem => ({
      path: `hosts.${name}.ports.${index}`,
      value: text,
      message,
      remedy,
    });
    if (range.first > range.last) return [problem("the first port is above the last", "swap them")];
    if (range.first < 1024 || range.last > 65_535)
      return [problem("agents' ports are from 1024 to 65535", "move the range")];
    const before = ports.slice(0, index).find((other) => meet(parsePorts(other), range));
    return [
      ...(before === undefined ? [] : [problem(`it overlaps ${before}`, "let each port stand in one range")]),
      ...RESERVED_PORTS.filter((reserved) => meet(reserved, range)).map(({ first, last, purpose }) =>
        problem(
          `${first === last ? `port ${first} is` : `ports ${first}-${last} are`} reserved for ${purpose}`,
          "use other ports; to widen a range, append another such as 19000-19999",
        ),
      ),
      ...(["ingress", "egressProxy"] as const)
        .filter((door) => meet({ first: fleet[door].port, last: fleet[door].port }, range))
        .map((door) =>
          problem(`${door}.port ${fleet[door].port} lies in the agents' range`, "move one of the two"),
        ),
    ];
  }),
);

export const hostsAreDistinct: Rule = (fleet) => {
  const seen = new Map<string, string>();
  return Object.entries(fleet.hosts).flatMap(([name, host]) => {
    const address = engineOf(host)?.address;
    if (address === undefined) return [];
    const other = seen.get(address);
    seen.set(address, name);
    return other === undefined
      ? []
      : [
          {
            path: `hosts.${name}.address`,
            value: address,
            message: `host ${other} is the same Docker engine, and two ingresses cannot share its ports`,
            remedy: "give each host its own engine",
          },
        ];
  });
};

/** Addresses that Docker's own default bridge takes on nearly every machine. */
const DOCKER_BRIDGE = "172.17.0.0/16";

export const roomsAreClearOfDocker: Rule = (fleet) =>
  Object.entries(fleet.hosts)
    .filter(([, { subnets }]) => overlaps(parseCidr(subnets), parseCidr(DOCKER_BRIDGE)))
    .map(([name, { subnets }]) => ({
      path: `hosts.${name}.subnets`,
      value: subnets,
      message: `the range overlaps Docker's own ${DOCKER_BRIDGE}`,
      remedy: "use a private range that nothing else on the host uses, such as 10.96.0.0/16",
    }));
