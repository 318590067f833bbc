/**
 * The state of a fleet as it was just seen. This is what `status --json` prints: keys are added, and never removed, renamed or
 * given another meaning. Sizes are bytes, times ISO 8601 in UTC; null is what is not known.
 */
import type { ChannelName } from "../../openclaw/channels.ts";
import type { ChannelState, Phase } from "../../openclaw/self-report.ts";

export type AgentState =
  | Phase
  /** It runs, and does not answer; or its container has exited. */
  | "down"
  | "switched off"
  /** Its container was removed. */
  | "gone"
  | "paused"
  /** It keeps exiting. */
  | "restarting"
  | "not deployed"
  /** Its host does not answer. */
  | "not known";

export interface AgentStatus {
  readonly name: string;
  readonly host: string;
  readonly enabled: boolean;
  readonly state: AgentState;
  /** Of Docker's health check. */
  readonly health: "healthy" | "unhealthy" | "starting" | "none" | null;
  readonly channels: Readonly<Partial<Record<ChannelName, ChannelState>>>;
  readonly memory: {
    /** Without what the kernel could drop at once. */
    readonly now: number | null;
    /** Since the container was started. */
    readonly peak: number | null;
    readonly limit: number | null;
  };
  readonly cpu: {
    /** Of one core, over the interval. */
    readonly percent: number | null;
    readonly intervalMs: number | null;
  };
  /** By Docker, since the container was created. */
  readonly restarts: number | null;
  /** Processes that the kernel ended for lack of memory since the container was started. */
  readonly oomKills: number | null;
  /** Whether the container's last end was one. */
  readonly oomKilled: boolean | null;
  readonly volume: { readonly name: string; readonly bytes: number | null };
  readonly image: string;
  readonly startedAt: string | null;
  /** The newest change of its conversations. */
  readonly lastActivity: string | null;
  /** What differs between its Docker objects and the state: `container is paused`. */
  readonly drift: readonly string[];
}

export interface ServiceStatus {
  readonly name: string;
  readonly state: "works" | "fails" | "missing";
  /** Why it fails; null otherwise. */
  readonly reason: string | null;
}

export interface HostStatus {
  readonly name: string;
  readonly address: string | null;
  /** Why its Docker daemon does not answer; null where it does. */
  readonly problem: string | null;
  readonly docker: string | null;
  readonly cpus: number | null;
  readonly memory: { readonly total: number | null; readonly available: number | null };
  readonly swap: { readonly total: number | null; readonly used: number | null };
  /** Percent of the last ten seconds in which some, or all, processes waited for memory. */
  readonly memoryPressure: { readonly some: number | null; readonly full: number | null };
  /** The file system with Docker's volumes. */
  readonly disk: { readonly total: number | null; readonly available: number | null };
  readonly services: readonly ServiceStatus[];
  /** What differs between its services' Docker objects and the state: `ingress container is gone`. */
  readonly drift: readonly string[];
}

export interface Seen {
  readonly stack: string;
  readonly time: string;
  readonly hosts: readonly HostStatus[];
  readonly agents: readonly AgentStatus[];
}

export interface Trouble {
  readonly kind: "host" | "service" | "agent" | "channel" | "drift";
  readonly host: string;
  /** Of the agent; null for what concerns a host. */
  readonly agent: string | null;
  /** A sentence without its full stop. */
  readonly problem: string;
}

export interface FleetStatus extends Seen {
  /** Whether everything that should run does. */
  readonly well: boolean;
  readonly problems: readonly Trouble[];
}
