/** What the stack's state says that exists already, what a failed run created included. */

/** An agent's place: a host and a number there, which gives its subnet, its address and its loopback port. */
export interface Slot {
  readonly host: string;
  readonly slot: number;
}

/** What was observed of a server when it was last found ready; it is asked again when any of this has changed. */
export interface ServerFacts {
  /** The server's id at its provider. */
  readonly server: string;
  readonly serverType: string;
  readonly volumeGb: number;
  /** Its public host key, verified. */
  readonly hostKey: string;
  /** The version of its Docker. */
  readonly docker: string;
}

export interface RegisteredServer {
  readonly serverType: string;
  readonly location: string;
  /** Its public address. */
  readonly address?: string | undefined;
  /** Its data volume, GB. */
  readonly volumeGb?: number | undefined;
  /** Absent until it has been found ready. */
  readonly facts?: ServerFacts | undefined;
}

/** Maps, because a name such as `constructor` is as good as any other. */
export interface Registry {
  /** Cloud servers, by name. */
  readonly servers: ReadonlyMap<string, RegisteredServer>;
  readonly agents: ReadonlyMap<string, Slot>;
}

export const EMPTY_REGISTRY: Registry = { servers: new Map(), agents: new Map() };

export type ObjectKind = "container" | "network" | "volume";

/** A logical name is unique among the objects of one kind only. */
export const objectKey = (kind: ObjectKind, logical: string): string => `${kind} ${logical}`;

/** A Docker object that the state says exists. */
export interface KnownObject {
  readonly kind: ObjectKind;
  /** Empty where its creation failed before it was known: it is created again anyway. */
  readonly id: string;
  readonly name: string;
  /** How often it was made again because it was missing or had been changed. */
  readonly repairs: number;
  /** Absent from networks and volumes. */
  readonly container?: KnownContainer;
}

/** A container as it was created. */
export interface KnownContainer {
  readonly image: string;
  readonly labels: Readonly<Record<string, string>>;
  /** The code that it exited with, of one that runs once; undefined for one that keeps running. */
  readonly exitCode?: number;
  readonly limits: KnownLimits;
  readonly restartPolicy: string;
  /** The ids of its networks; undefined where it has none of its own. */
  readonly networks?: readonly string[];
  /** The configuration that it handed over, of a service's loader. */
  readonly config?: string;
}

/** What users knew of an agent when its entry was last carried out. */
export interface KnownAgent {
  readonly url: string;
  /** The names that it could reach, or `open`; undefined where it was not recorded. */
  readonly egress?: readonly string[] | "open" | undefined;
}

/** In Docker's units: bytes, and billionths of a CPU; 0 where there is none. */
export interface KnownLimits {
  readonly memory: number;
  readonly memorySwap: number;
  readonly memoryReservation: number;
  readonly nanoCpus: number;
}

/** Docker objects by `objectKey`. */
export interface KnownObjects {
  readonly ofAgents: ReadonlyMap<string, KnownObject>;
  readonly ofHosts: ReadonlyMap<string, KnownObject>;
}
