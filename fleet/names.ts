/**
 * Every physical name, in one place.
 *
 * A dot separates the parts because neither a slug nor a door's name holds one, and an underscore marks what belongs to
 * the host because a slug holds none: so no agent can be named into another object.
 */

/** Labels on every Docker object that this program makes. */
export const LABELS = {
  stack: "agent-fleet.stack",
  agent: "agent-fleet.agent",
  /** On what is rented. */
  host: "agent-fleet.host",
  /** A hash of the settings that the Docker provider accepts without applying: a change of it replaces the container. */
  profile: "agent-fleet.profile",
} as const;

/** The prefix that an operator's own labels may not use. */
export const RESERVED_LABELS = "agent-fleet.";

export const agentObject = (stack: string, agent: string): string => `fleet.${stack}.${agent}`;

export const hostObject = (stack: string, part: string): string =>
  `fleet.${stack}.${part.replaceAll("-", "_")}`;

/** A name at a cloud's, where dots and underscores are none. */
export const cloudName = (...parts: readonly string[]): string =>
  parts
    .join("-")
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]/g, "-");

export const hostnameOf = (agent: string, domain: string): string => `${agent}.${domain}`;

/** The public address; the default HTTPS port is left out because browsers leave it out of origins. */
export const urlOf = (hostname: string, port: number): string =>
  port === 443 ? `https://${hostname}` : `https://${hostname}:${port}`;
