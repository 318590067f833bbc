/** What hosts must be, each and together. */

import { sourceOf } from "../../hosts/index.ts";
import { overlaps, parseCidr } from "../../ipv4.ts";
import { type PortRange, parsePorts, portsOverlap } from "../../placement/slots.ts";
import { activeServices } from "../../services/index.ts";
import type { Problem } from "../problem.ts";
import type { Rule } from "./rule.ts";

export const hasHosts: Rule = ({ hosts }) =>
  Object.keys(hosts).length > 0
    ? []
    : [
        {
          path: "hosts",
          value: hosts,
          message: "the fleet has no host",
          remedy: "add one, such as `local: { kind: docker }`",
        },
      ];

/** The rules of each kind of host. */
export const hostsSuitTheirKind: Rule = ({ hosts, privateNetwork, tailscale }) =>
  Object.entries(hosts).flatMap(([name, entry]) =>
    sourceOf(entry).problems(entry, {
      name,
      hostNames: Object.keys(hosts),
      privateNetwork,
      hasTailnet: tailscale !== undefined,
    }),
  );

/** Ranges that operators' guides give to other services on such hosts. */
const RESERVED_PORTS: readonly (PortRange & { readonly purpose: string })[] = [
  { first: 3000, last: 3000, purpose: "a management panel" },
  { first: 18_900, last: 18_999, purpose: "future services" },
];

const LOWEST_PORT = 1024;
const HIGHEST_PORT = 65_535;

const rendered = ({ first, last }: PortRange): string =>
  first === last ? `port ${first} is` : `ports ${first}-${last} are`;

export const portRangesAreUsable: Rule = (fleet) => {
  const servicePorts = activeServices(fleet).flatMap(({ definition, settings }) =>
    definition.ports(settings),
  );
  return Object.entries(fleet.hosts).flatMap(([name, { ports }]) =>
    ports.flatMap((text, index): Problem[] => {
      const range = parsePorts(text);
      const problem = (message: string, remedy: string): Problem => ({
        path: `hosts.${name}.ports.${index}`,
        value: text,
        message,
        remedy,
      });
      if (range.first > range.last) return [problem("the first port is above the last", "swap them")];
      if (range.first < LOWEST_PORT || range.last > HIGHEST_PORT)
        return [problem(`agents' ports are from ${LOWEST_PORT} to ${HIGHEST_PORT}`, "move the range")];
      const before = ports.slice(0, index).find((other) => portsOverlap(parsePorts(other), range));
      return [
        ...(before === undefined ? [] : [problem(`it overlaps ${before}`, "list each port once")]),
        ...RESERVED_PORTS.filter((reserved) => portsOverlap(reserved, range)).map((reserved) =>
          problem(
            `${rendered(reserved)} reserved for ${reserved.purpose}`,
            "use other ports; to widen a range, append another such as 19000-19999",
          ),
        ),
        ...servicePorts
          .filter(({ port }) => portsOverlap({ first: port, last: port }, range))
          .map(({ setting, port }) =>
            problem(`${setting} ${port} is in the agents' range`, "move one of the two"),
          ),
      ];
    }),
  );
};

export const hostsAreDistinct: Rule = (_, hosts) => {
  const seen = new Map<string, string>();
  return [...hosts.values()].flatMap(({ name, connection }) => {
    if (connection === undefined) return [];
    const other = seen.get(connection.address);
    seen.set(connection.address, name);
    return other === undefined
      ? []
      : [
          {
            path: `hosts.${name}.address`,
            value: connection.address,
            message: `host ${other} is the same Docker daemon, and two ingresses cannot share its ports`,
            remedy: "give each host its own daemon",
          },
        ];
  });
};

/** The addresses of Docker's default bridge on nearly every machine. */
const DOCKER_BRIDGE = "172.17.0.0/16";

export const subnetsAreClearOfDocker: Rule = ({ hosts }) =>
  Object.entries(hosts)
    .filter(([, { subnets }]) => overlaps(parseCidr(subnets), parseCidr(DOCKER_BRIDGE)))
    .map(([name, { subnets }]) => ({
      path: `hosts.${name}.subnets`,
      value: subnets,
      message: `the range overlaps Docker's own ${DOCKER_BRIDGE}`,
      remedy: "use a private range that nothing else on the host uses, such as 10.96.0.0/16",
    }));
