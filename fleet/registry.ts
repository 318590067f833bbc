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
