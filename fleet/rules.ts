/** What a fleet must mean beyond its shape: one named rule for each invariant. */
import { engineOf } from "./engines.ts";
import { footprintOf } from "./footprint.ts";
import { RESERVED_LABELS } from "./names.ts";
import { overlaps, parseCidr } from "./network.ts";
import type { Problem } from "./problem.ts";
import { CHANNELS, channelsOf, isKnownProvider, providerOf } from "./reach.ts";
import type { AgentEntry, Fleet, HetznerServers } from "./schema.ts";
import { type PortRange, parsePorts } from "./slots.ts";

type Rule = (fleet: Fleet) => Problem[];

const list = (names: Iterable<string>): string => [...names].toSorted().join(", ") || "none";

const eachAgent =
  (rule: (name: string, agent: AgentEntry, fleet: Fleet) => Problem[]): Rule =>
  (fleet) =>
    Object.entries(fleet.agents).flatMap(([name, agent]) => rule(name, agent, fleet));

const unknownClass = (path: string, value: string, fleet: Fleet): Problem[] =>
  Object.hasOwn(fleet.classes, value)
    ? []
    : [
        {
          path,
          value,
          message: "no such class",
          remedy: `use one of ${list(Object.keys(fleet.classes))}, or add it to classes`,
        },
      ];

const hasHosts: Rule = (fleet) =>
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

const classesExist: Rule = (fleet) => [
  ...unknownClass("defaults.class", fleet.defaults.class, fleet),
  ...Object.entries(fleet.agents).flatMap(([name, agent]) =>
    agent.class === undefined ? [] : unknownClass(`agents.${name}.class`, agent.class, fleet),
  ),
];

const reservationsFitTheirLimit: Rule = (fleet) =>
  Object.entries(fleet.classes)
    .filter(([, { reservationMb = 0, memoryMb }]) => reservationMb > memoryMb)
    .map(([name, { reservationMb, memoryMb }]) => ({
      path: `classes.${name}.reservationMb`,
      value: reservationMb,
      message: `more is reserved than the limit of ${memoryMb} MiB allows to be used`,
      remedy: `set it to ${memoryMb} or less, or raise memoryMb`,
    }));

/** A limit under what the image needs is an agent that is killed at every start. */
const classesFitTheImage: Rule = (fleet) => {
  const { minimumMb } = fleet.footprint ?? footprintOf(fleet.image);
  const working = Object.entries(fleet.classes)
    .filter(([, { memoryMb }]) => memoryMb >= minimumMb)
    .toSorted(([, a], [, b]) => a.memoryMb - b.memoryMb)[0];
  const nearest = working === undefined ? "" : `, or use class ${working[0]} (${working[1].memoryMb} MiB)`;
  return Object.entries(fleet.classes)
    .filter(([, { memoryMb }]) => memoryMb < minimumMb)
    .map(([name, { memoryMb }]) => ({
      path: `classes.${name}.memoryMb`,
      value: memoryMb,
      message: `${fleet.image} needs ${minimumMb} MiB: with ${memoryMb} MiB it is killed while it starts or soon after`,
      remedy: `set it to ${minimumMb} or more${nearest}`,
    }));
};

const eachHost =
  (rule: (name: string, host: Fleet["hosts"][string], fleet: Fleet) => Problem[]): Rule =>
  (fleet) =>
    Object.entries(fleet.hosts).flatMap(([name, host]) => rule(name, host, fleet));

const serverGroups = (fleet: Fleet): [string, HetznerServers][] =>
  Object.entries(fleet.hosts).flatMap(([name, host]): [string, HetznerServers][] =>
    host.kind === "hetzner" ? [[name, host]] : [],
  );

const isServerOf = (server: string, group: string): boolean =>
  server.startsWith(`${group}-`) && /^[1-9]\d*$/.test(server.slice(group.length + 1));

const pinnedHostsExist = eachAgent((name, { host }, fleet) =>
  host === undefined ||
  Object.hasOwn(fleet.hosts, host) ||
  serverGroups(fleet).some(([group]) => isServerOf(host, group))
    ? []
    : [
        {
          path: `agents.${name}.host`,
          value: host,
          message: "no such host",
          remedy: `use one of ${list(Object.keys(fleet.hosts))}, or leave it out`,
        },
      ],
);

const locationsExist = eachAgent((name, { location }, fleet) => {
  const known = new Set(serverGroups(fleet).flatMap(([, { locations }]) => locations));
  return location === undefined || known.has(location)
    ? []
    : [
        {
          path: `agents.${name}.location`,
          value: location,
          message: "no host may stand there",
          remedy: `use one of ${list(known)}, add it to hosts.*.locations, or leave it out`,
        },
      ];
});

const sharesAddUp = eachAgent((name, { usage }) =>
  usage === undefined || usage.smallModelShare + usage.localModelShare <= 1
    ? []
    : [
        {
          path: `agents.${name}.usage`,
          value: usage,
          message: "small and local models answer more than all messages together",
          remedy: "let smallModelShare and localModelShare add up to 1 at most",
        },
      ],
);

/** A server is named after its group, so no other host may have a name that a server could get. */
const serverNamesAreFree: Rule = (fleet) =>
  serverGroups(fleet).flatMap(([group]) =>
    Object.keys(fleet.hosts)
      .filter((name) => isServerOf(name, group))
      .map((name) => ({
        path: `hosts.${name}`,
        message: `servers of group ${group} are named ${group}-1, ${group}-2, …`,
        remedy: "rename one of the two",
      })),
  );

const serversAreOfTheirGroup: Rule = (fleet) =>
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

/** OpenClaw lets a global deny win silently; here the contradiction is said. */
const allowsAreNotDenied = eachAgent((name, { tools }, fleet) =>
  tools.allow.flatMap((tool, index) => {
    const path = `agents.${name}.tools.allow.${index}`;
    if (fleet.defaults.tools.deny.includes(tool)) {
      return [
        {
          path,
          value: tool,
          message: "defaults.tools.deny denies this tool to every agent, and a deny beats an allow",
          remedy: "take it out of defaults.tools.deny and deny it at the agents that must not have it",
        },
      ];
    }
    return tools.deny.includes(tool)
      ? [
          {
            path,
            value: tool,
            message: "the same entry denies this tool",
            remedy: "take it out of one of the two lists",
          },
        ]
      : [];
  }),
);

const modelsAreReachable = eachAgent((name, agent, fleet) => {
  const model = agent.model ?? fleet.defaults.model;
  const hasWay = agent.egress === "open" || agent.egress.length > 0 || fleet.defaults.egress.length > 0;
  return isKnownProvider(providerOf(model)) || hasWay
    ? []
    : [
        {
          path: `agents.${name}.${agent.model === undefined ? "egress" : "model"}`,
          value: model,
          message: `the names of provider ${providerOf(model)} are not known, so the agent could not reach its model`,
          remedy: `list them under agents.${name}.egress`,
        },
      ];
});

/** The gateway's contract owns these; a value from elsewhere would break its identity, its state or its way out. */
const OWNED_VARIABLE = /^(?:OPENCLAW_.*|HOME|PATH|XDG_CACHE_HOME|NODE_OPTIONS|(?:HTTPS?|NO|ALL)_PROXY)$/;

const ownedVariablesAreLeftAlone = eachAgent((name, { env }) =>
  Object.keys(env)
    .filter((variable) => OWNED_VARIABLE.test(variable))
    .map((variable) => ({
      path: `agents.${name}.env.${variable}`,
      value: env[variable],
      message: "this variable is set by the fleet",
      remedy: "leave it out; memory comes from the class, the way out from egress",
    })),
);

/** A bot token in plain text would end up in the repository and in every preview. */
const credentialsAreSecret = eachAgent((name, agent) =>
  channelsOf(agent)
    .flatMap((channel) => Object.values(CHANNELS[channel].credentials))
    .filter((variable) => Object.hasOwn(agent.env, variable))
    .map((variable) => ({
      path: `agents.${name}.env.${variable}`,
      message: "a channel's credential must not stand in plain text",
      remedy: `remove it here and run: npm run secret -- ${name} ${variable}`,
    })),
);

const reservedLabelsAreLeftAlone = eachAgent((name, { labels }) =>
  Object.keys(labels)
    .filter((label) => label.startsWith(RESERVED_LABELS))
    .map((label) => ({
      path: `agents.${name}.labels.${label}`,
      value: labels[label],
      message: `labels that begin with ${RESERVED_LABELS} are the fleet's own`,
      remedy: "use another prefix",
    })),
);

/** Ranges that other services on such hosts are given by the guides that their operators follow. */
const RESERVED_PORTS: readonly (PortRange & { readonly purpose: string })[] = [
  { first: 3000, last: 3000, purpose: "a management panel" },
  { first: 18_900, last: 18_999, purpose: "future services" },
];

const meet = (a: PortRange, b: PortRange): boolean => a.first <= b.last && b.first <= a.last;

const portRangesAreUsable = eachHost((name, { ports }, fleet) =>
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
      ...(["frontDoor", "backDoor"] as const)
        .filter((door) => meet({ first: fleet[door].port, last: fleet[door].port }, range))
        .map((door) =>
          problem(`${door}.port ${fleet[door].port} lies in the agents' range`, "move one of the two"),
        ),
    ];
  }),
);

const hostsAreDistinct: Rule = (fleet) => {
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
            message: `host ${other} is the same Docker engine, and two front doors cannot share its ports`,
            remedy: "give each host its own engine",
          },
        ];
  });
};

/** Addresses that Docker's own default bridge takes on nearly every machine. */
const DOCKER_BRIDGE = "172.17.0.0/16";

const roomsAreClearOfDocker: Rule = (fleet) =>
  Object.entries(fleet.hosts)
    .filter(([, { rooms }]) => overlaps(parseCidr(rooms), parseCidr(DOCKER_BRIDGE)))
    .map(([name, { rooms }]) => ({
      path: `hosts.${name}.rooms`,
      value: rooms,
      message: `the range overlaps Docker's own ${DOCKER_BRIDGE}`,
      remedy: "use a private range that nothing else on the host uses, such as 10.96.0.0/16",
    }));

export const RULES: readonly Rule[] = [
  hasHosts,
  classesExist,
  reservationsFitTheirLimit,
  classesFitTheImage,
  pinnedHostsExist,
  locationsExist,
  sharesAddUp,
  serverNamesAreFree,
  serversAreOfTheirGroup,
  allowsAreNotDenied,
  modelsAreReachable,
  ownedVariablesAreLeftAlone,
  credentialsAreSecret,
  reservedLabelsAreLeftAlone,
  portRangesAreUsable,
  hostsAreDistinct,
  roomsAreClearOfDocker,
];
