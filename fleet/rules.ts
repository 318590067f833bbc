/** What a fleet must mean beyond its shape: one named rule for each invariant. */
import { RESERVED_LABELS } from "./names.ts";
import { overlaps, parseCidr, roomsIn } from "./network.ts";
import type { Problem } from "./problem.ts";
import { CHANNELS, channelsOf, isKnownProvider, providerOf } from "./reach.ts";
import type { AgentEntry, Fleet } from "./schema.ts";

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
    .filter(([, { reservationMb, memoryMb }]) => reservationMb > memoryMb)
    .map(([name, { reservationMb, memoryMb }]) => ({
      path: `classes.${name}.reservationMb`,
      value: reservationMb,
      message: `more is reserved than the limit of ${memoryMb} MiB allows to be used`,
      remedy: `set it to ${memoryMb} or less, or raise memoryMb`,
    }));

const pinnedHostsExist = eachAgent((name, { host }, fleet) =>
  host === undefined || Object.hasOwn(fleet.hosts, host)
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

const slotsIn = (host: Fleet["hosts"][string]): number =>
  Math.min(roomsIn(host.rooms), host.ports[1] - host.ports[0] + 1);

const portRangesAreUsable: Rule = (fleet) =>
  Object.entries(fleet.hosts).flatMap(([name, { ports }]) => {
    const problems: Problem[] = [];
    const path = `hosts.${name}.ports`;
    if (ports[0] > ports[1]) {
      problems.push({ path, value: ports, message: "the first port is above the last", remedy: "swap them" });
    }
    for (const door of ["frontDoor", "backDoor"] as const) {
      const { port } = fleet[door];
      if (port >= ports[0] && port <= ports[1]) {
        problems.push({
          path,
          value: ports,
          message: `${door}.port ${port} lies in the agents' range`,
          remedy: "move one of the two",
        });
      }
    }
    return problems;
  });

const slotsSuffice: Rule = (fleet) => {
  const slots = Object.values(fleet.hosts).reduce((sum, host) => sum + Math.max(0, slotsIn(host)), 0);
  const agents = Object.keys(fleet.agents).length;
  return agents <= slots || slots === 0
    ? []
    : [
        {
          path: "agents",
          value: agents,
          message: `the hosts' ports and rooms give ${slots} agents a place`,
          remedy: "widen hosts.*.ports and hosts.*.rooms, or add a host",
        },
      ];
};

const hostsAreDistinct: Rule = (fleet) => {
  const seen = new Map<string, string>();
  return Object.entries(fleet.hosts).flatMap(([name, { address }]) => {
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
  pinnedHostsExist,
  allowsAreNotDenied,
  modelsAreReachable,
  ownedVariablesAreLeftAlone,
  credentialsAreSecret,
  reservedLabelsAreLeftAlone,
  portRangesAreUsable,
  slotsSuffice,
  hostsAreDistinct,
  roomsAreClearOfDocker,
];
