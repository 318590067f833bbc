/**
 * The neutral plan: what each agent and each host is, wherever it runs. It contains no address, no port on a host and no
 * object's name; those are added by the part of the plan for the place where the agent runs, such as `fleet/docker/`.
 */
import type { GatewayIntent } from "../../openclaw/gateway-config.ts";
import type { AgentSettings } from "../config/agent.ts";
import type { ServerOffer } from "../placement/offer.ts";
import type { Amounts } from "../placement/sizing.ts";

export interface AgentLimits {
  readonly memoryMb: number;
  readonly cpus: number;
  /** Processes and threads. */
  readonly pids: number;
}

export interface AgentPlan {
  readonly name: string;
  readonly host: string;
  readonly enabled: boolean;
  readonly class: string;
  readonly access: AgentSettings["access"];
  readonly limits: AgentLimits;
  /** What its host sets aside for it, MiB. */
  readonly reservationMb: number;
  readonly image: string;
  /** Its name in the fleet's domain. */
  readonly hostname: string;
  /** The names that it may reach, or `open`. */
  readonly egress: readonly string[] | "open";
  readonly gateway: GatewayIntent;
  /** The names of its secret variables; undefined where these cannot be read. */
  readonly secretNames: readonly string[] | undefined;
  /** The operator's own variables. */
  readonly env: Readonly<Record<string, string>>;
  /** The operator's own labels. */
  readonly ownLabels: Readonly<Record<string, string>>;
  readonly startSeconds: number;
  readonly stopSeconds: number;
}

export interface HostPlan {
  readonly name: string;
  /** The key of `hosts` that it belongs to. */
  readonly entry: string;
  /** What is ordered; undefined for a host of the operator's own. */
  readonly offer: ServerOffer | undefined;
  /** As sold or configured; null where unknown. */
  readonly machine: {
    readonly memoryMb: number | null;
    readonly cpus: number | null;
    /** The disk with the agents' data. */
    readonly diskGb: number | null;
  };
  /** What it can give to agents, in the order of `DIMENSIONS`; null where no limit is known. */
  readonly capacity: readonly (number | null)[];
  /** What its agents take of it. */
  readonly used: Amounts;
  /** Accepts no agents. */
  readonly isDraining: boolean;
}
