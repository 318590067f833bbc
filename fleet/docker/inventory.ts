/** What a host's Docker daemon has, as it was just seen. */
import type { Protection } from "../hosts/protections.ts";

export interface ObservedContainer {
  readonly id: string;
  readonly name: string;
  readonly status: "created" | "running" | "paused" | "restarting" | "removing" | "exited" | "dead";
  readonly health: "none" | "starting" | "healthy" | "unhealthy";
  /** How many health checks in a row have failed. */
  readonly failedChecks: number;
  readonly exitCode: number;
  /** How often Docker has restarted it since it was last started by a request. */
  readonly restarts: number;
  readonly limits: ObservedLimits;
  readonly restartPolicy: string;
  /** The ids of the networks that it is attached to. */
  readonly networks: readonly string[];
}

/** As Docker reports them; 0 where there is none. Undefined where the daemon cannot enforce one, and therefore drops it. */
export interface ObservedLimits {
  /** Bytes. */
  readonly memory: number | undefined;
  /** Memory and swap, bytes. */
  readonly memorySwap: number | undefined;
  /** Bytes. */
  readonly memoryReservation: number | undefined;
  /** Billionths of a CPU. */
  readonly nanoCpus: number | undefined;
  readonly pids: number | undefined;
}

/** An object by its name, of whichever stack or program. */
export interface NamedObject {
  readonly id: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

export interface ObservedNetwork extends NamedObject {
  /** In CIDR notation. */
  readonly subnets: readonly string[];
  readonly internal?: boolean;
  /** Addresses in its subnet that are set aside, by what for. */
  readonly auxAddresses?: Readonly<Record<string, string>>;
}

/** A listening TCP socket. */
export interface Listener {
  /** An IPv4 address; `0.0.0.0` also for every address of either family, and `::` for one of IPv6. */
  readonly address: string;
  readonly port: number;
  /** What the kernel knows the socket by. */
  readonly inode: string;
}

/** A listener, and the process that it belongs to as far as that can be known. */
export interface HeldPort extends Listener {
  /** `python3 (process 4711)`. */
  readonly holder?: string;
  /** The id of the container that the process runs in. */
  readonly container?: string;
}

export interface Inventory {
  /** The id of the daemon. */
  readonly daemon: string;
  /** What the daemon accepts and does not enforce. */
  readonly discards: readonly Protection[];
  /** What makes a daemon like it enforce them. */
  readonly remedy: string;
  /** How many CPUs the daemon has. */
  readonly cpus: number;
  /** Those of this stack. */
  readonly containers: readonly ObservedContainer[];
  /** All of them, with this stack's. */
  readonly containerNames: readonly NamedObject[];
  readonly networks: readonly ObservedNetwork[];
  /** Ports of the fleet's services that something listens on. Empty where the host is not this machine. */
  readonly held: readonly HeldPort[];
  /** Those of this stack. */
  readonly volumes: readonly NamedObject[];
  /** Containers of services whose configuration is not the one that they were given. */
  readonly misconfigured: readonly string[];
}

/** What is known of a host's daemon: what it has, or why it did not say. */
export type HostObservation =
  | { readonly inventory: Inventory; readonly problem?: undefined }
  | { readonly inventory?: undefined; readonly problem: string };
