/** Whether everything that should run does, and what does not. */
import { CHANNEL_NAMES } from "../../openclaw/channels.ts";
import type { AgentStatus, FleetStatus, HostStatus, Seen, Trouble } from "./status.ts";

const ofHost = ({ name: host, problem, services, drift }: HostStatus): Trouble[] => {
  const trouble = (kind: Trouble["kind"], words: string): Trouble => ({
    kind,
    host,
    agent: null,
    problem: words,
  });
  if (problem !== null) return [trouble("host", `host ${host} does not answer: ${problem}`)];
  // A host without any service was not deployed yet; on another, a missing one was removed by hand.
  const isDeployed = services.some(({ state }) => state !== "missing");
  const broken = services.filter(({ state }) => state === "fails" || (state === "missing" && isDeployed));
  // Docker says it better than the health command, which cannot run in a container that has ended.
  const whyOf = (service: string): string | undefined =>
    drift.find((each) => each.startsWith(`${service} container `));
  const explained = new Set(broken.map(({ name }) => whyOf(name)));
  return [
    ...broken.map(({ name, state, reason }) => {
      const words = state === "missing" ? `${name} is missing` : `${name} fails: ${reason}`;
      return trouble("service", `${host}'s ${whyOf(name) ?? words}`);
    }),
    ...drift.filter((each) => !explained.has(each)).map((words) => trouble("drift", `${host}'s ${words}`)),
  ];
};

const DOES_NOT_RUN: Readonly<Record<AgentStatus["state"], string | undefined>> = {
  started: undefined,
  starting: "is still starting",
  draining: "is about to stop",
  down: "is down",
  "switched off": undefined,
  gone: "is gone",
  paused: "is paused",
  restarting: "keeps restarting",
  "not deployed": "is not deployed: npm run up",
  // Its host is named instead.
  "not known": undefined,
};

function ofAgent({ name, host, enabled, state, channels, drift }: AgentStatus): Trouble[] {
  const trouble = (kind: Trouble["kind"], words: string): Trouble => ({
    kind,
    host,
    agent: name,
    problem: words,
  });
  const words = DOES_NOT_RUN[state];
  const runs = words === undefined || !enabled;
  const reasons = drift.filter((each) => each !== `container ${words}`);
  const failing = enabled ? CHANNEL_NAMES.filter((channel) => channels[channel] === "fails") : [];
  return [
    ...(runs
      ? []
      : [trouble("agent", `${name} ${words}${reasons.length > 0 ? ` (${reasons.join("; ")})` : ""}`)]),
    ...failing.map((channel) => trouble("channel", `${name}'s ${channel} channel fails`)),
    // Otherwise it is the reason in the sentence above.
    ...(runs ? drift.map((each) => trouble("drift", `${name}'s ${each}`)) : []),
  ];
}

export function judge(seen: Seen): FleetStatus {
  const problems = [...seen.hosts.flatMap(ofHost), ...seen.agents.flatMap(ofAgent)];
  const { stack, time, hosts, agents } = seen;
  return { stack, time, well: problems.length === 0, problems, hosts, agents };
}
