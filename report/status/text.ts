/** The state of a fleet for people. */
import { forStack } from "../../fleet/commands.ts";
import { table } from "../table.ts";
import type { AgentStatus, FleetStatus, HostStatus } from "./status.ts";
import { ago, counted, inMib, inUnits, known, UNKNOWN } from "./words.ts";

/** Beyond so many agents, those that are well are only counted. */
const MANY = 20;

function summary({ stack, hosts, agents, problems }: FleetStatus): string {
  const enabled = agents.filter((agent) => agent.enabled);
  const started = enabled.filter(({ state }) => state === "started").length;
  const off = agents.length - enabled.length;
  const answering = hosts.filter(({ problem }) => problem === null).length;
  return [
    `Stack ${stack}: ${started} of ${counted(enabled.length, "agent")} started`,
    ...(off === 0 ? [] : [`${off} switched off`]),
    `${answering} of ${counted(hosts.length, "host")} answer${answering === 1 ? "s" : ""}`,
    problems.length === 0 ? "all is well" : counted(problems.length, "problem"),
  ].join(", ");
}

const sentence = (words: string): string => `- ${words}.`;

const services = ({ services: all }: HostStatus): string =>
  all.map(({ name, state }) => `${name} ${state}`).join(", ");

const share = ({ total, available }: { total: number | null; available: number | null }): string =>
  total === null ? UNKNOWN : `${known(available, inUnits)} of ${inUnits(total)}`;

const swap = ({ total, used }: HostStatus["swap"]): string =>
  total === 0 ? "none" : known(used, (bytes) => `${inUnits(bytes)} of ${inUnits(total ?? 0)}`);

const pressure = ({ some, full }: HostStatus["memoryPressure"]): string =>
  known(some, (percent) => `${percent} %${full === null ? "" : ` (all: ${full} %)`}`);

const hostRow = (host: HostStatus): string[] =>
  host.problem === null
    ? [
        host.name,
        known(host.docker, String),
        share(host.memory),
        share(host.disk),
        swap(host.swap),
        pressure(host.memoryPressure),
        services(host),
      ]
    : [host.name, "does not answer"];

const HOST_HEADER = [
  "HOST",
  "DOCKER",
  "MEMORY FREE",
  "DISK FREE",
  "SWAP USED",
  "MEMORY PRESSURE",
  "SERVICES",
];

const AGENT_HEADER = [
  "AGENT",
  "HOST",
  "STATE",
  "HEALTH",
  "MIB NOW",
  "PEAK",
  "LIMIT",
  "CPU",
  "RESTARTS",
  "OOM KILLS",
  "VOLUME",
  "LAST ACTIVITY",
  "CHANNELS",
];

/** Of a container that has ended, only Docker says whether that was why. */
function oomKills({ oomKills: count, oomKilled }: AgentStatus): string {
  if (count !== null) return String(count);
  return oomKilled === true ? "ended it" : "";
}

/** What is not known of an agent that does not run needs no words. */
function agentRow(agent: AgentStatus, time: string): string[] {
  const { memory, cpu, health, channels } = agent;
  const runs = memory.now !== null;
  const or = <T>(value: T | null, words: (value: T) => string): string =>
    runs ? known(value, words) : value === null ? "" : words(value);
  return [
    agent.name,
    agent.host,
    agent.state,
    health ?? "",
    or(memory.now, inMib),
    or(memory.peak, inMib),
    or(memory.limit, inMib),
    or(cpu.percent, (percent) => `${percent.toFixed(1)} %`),
    or(agent.restarts, String),
    oomKills(agent),
    known(agent.volume.bytes, inUnits),
    agent.lastActivity === null ? (runs ? "none" : "") : ago(agent.lastActivity, time),
    Object.entries(channels)
      .map(([channel, state]) => `${channel}: ${state}`)
      .join(", "),
  ];
}

/** Columns without any value are left out. */
function compact(rows: readonly (readonly string[])[]): string {
  const [header = [], ...body] = rows;
  const isUsed = header.map((_, column) => body.some((row) => (row[column] ?? "") !== ""));
  return table(rows.map((row) => header.map((_, column) => row[column] ?? "").filter((_, at) => isUsed[at])));
}

function imagesOf(agents: readonly AgentStatus[]): string {
  const byImage = [...Map.groupBy(agents, ({ image }) => image)];
  return byImage.length === 1
    ? `Image: ${byImage[0]?.[0]}`
    : byImage.map(([image, some]) => `Image ${image}: ${some.map(({ name }) => name).join(", ")}`).join("\n");
}

function agentsIn({ agents, problems, time }: FleetStatus, isAll: boolean): string[] {
  if (agents.length === 0) return ["The fleet has no agents."];
  const troubled = new Set(problems.map(({ agent }) => agent));
  const isShown = ({ name, state }: AgentStatus): boolean => troubled.has(name) || state === "not known";
  const shown = isAll || agents.length <= MANY ? agents : agents.filter(isShown);
  const left = agents.length - shown.length;
  return [
    ...(shown.length === 0
      ? []
      : [compact([AGENT_HEADER, ...shown.map((agent) => agentRow(agent, time))]), imagesOf(shown)]),
    ...(left === 0 ? [] : [`${counted(left, "agent")} more, all well; --all shows them.`]),
  ];
}

/** @param isAll whether to show agents that are well, however many there are */
export function renderStatus(status: FleetStatus, isAll: boolean): string {
  const { stack, hosts, problems } = status;
  return [
    `${summary(status)}.`,
    ...problems.map(({ problem }) => sentence(forStack(problem, stack))),
    "",
    compact([HOST_HEADER, ...hosts.map(hostRow)]),
    "",
    ...agentsIn(status, isAll),
  ].join("\n");
}
