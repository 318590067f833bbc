/** One agent as it was just seen. */
import type { ContainerInspectInfo } from "dockerode";
import type { Drift } from "../../fleet/docker/drift.ts";
import type { DockerAgentPlan } from "../../fleet/docker/types.ts";
import { channelState, type SelfReport } from "../../openclaw/self-report.ts";
import type { AgentState, AgentStatus } from "../../report/status/status.ts";
import { type Look, nameOf } from "./look.ts";

export interface Known {
  /** Where it is: an agent that is to move is still where it was. */
  readonly host: string;
  /** Whether the state has a container for it. */
  readonly isDeployed: boolean;
  readonly drift: readonly Drift[];
}

/** Until it listens, a gateway does not answer; only its container's health check says that it may still come. */
const runningState = (health: AgentStatus["health"], phase: SelfReport["phase"]): AgentState =>
  phase ?? (health === "starting" ? "starting" : "down");

export function agentState(
  { enabled, isDeployed }: { readonly enabled: boolean; readonly isDeployed: boolean },
  container: { readonly status: string; readonly health: AgentStatus["health"] } | undefined,
  phase: SelfReport["phase"],
): AgentState {
  switch (container?.status) {
    case "running":
      return runningState(container.health, phase);
    case "paused":
    case "restarting":
      return container.status;
    case "exited":
    case "created":
    case "dead":
      return enabled ? "down" : "switched off";
    default:
      if (!enabled) return "switched off";
      return isDeployed ? "gone" : "not deployed";
  }
}

function healthOf({ State }: ContainerInspectInfo): AgentStatus["health"] {
  const status = State.Health?.Status;
  return status === "healthy" || status === "unhealthy" || status === "starting" ? status : "none";
}

/** What an agent says is not trusted: not every number is a time. */
function timeOf(seconds: number | undefined): string | null {
  const time = new Date((seconds ?? Number.NaN) * 1000);
  return Number.isNaN(time.getTime()) ? null : time.toISOString();
}

/** Of one that has stopped, Docker reports nothing. */
function figures(
  container: ContainerInspectInfo | undefined,
  report: SelfReport | undefined,
  look: Look | undefined,
): Pick<
  AgentStatus,
  "memory" | "cpu" | "restarts" | "oomKills" | "oomKilled" | "startedAt" | "lastActivity"
> {
  const usage = container === undefined ? undefined : look?.usage.get(nameOf(container));
  const limit = container?.HostConfig.Memory ?? 0;
  return {
    memory: {
      now: usage?.memory ?? null,
      peak: usage?.peakMemory ?? report?.peakMemory ?? null,
      limit: limit > 0 ? limit : null,
    },
    cpu: { percent: report?.cpu?.percent ?? null, intervalMs: report?.cpu?.intervalMs ?? null },
    restarts: container?.RestartCount ?? null,
    oomKills: report?.oomKills ?? null,
    oomKilled: container?.State.OOMKilled ?? null,
    startedAt: container?.State.Running === true ? container.State.StartedAt : null,
    lastActivity: timeOf(report?.lastActivity),
  };
}

/** @param look undefined if its host did not answer */
export function agentStatus(
  plan: DockerAgentPlan,
  { host, isDeployed, drift }: Known,
  look: Look | undefined,
): AgentStatus {
  const { name, enabled } = plan;
  const container = look?.answers.inspected.find((each) => nameOf(each) === plan.object);
  const report = look?.reports.get(plan.object);
  const health = container === undefined ? null : healthOf(container);
  const seen = container && { status: container.State.Status, health };
  return {
    name,
    host,
    enabled,
    state:
      look === undefined && isDeployed
        ? "not known"
        : agentState({ enabled, isDeployed }, seen, report?.phase),
    health,
    channels: Object.fromEntries(
      plan.gateway.channels.map(([channel]) => [channel, channelState(channel, report?.channels)]),
    ),
    ...figures(container, report, look),
    volume: { name: plan.volume, bytes: look?.volumes.get(plan.volume) ?? null },
    image: container?.Config.Image ?? plan.image,
    drift: [
      ...drift.map(({ kind, problem }) => `${kind} ${problem}`),
      // The state was lost, or is another machine's: an update would be refused.
      ...(container === undefined || isDeployed
        ? []
        : ["container is not in the stack's state: npm run adopt"]),
    ],
  };
}
