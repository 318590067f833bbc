/**
 * Every name that the fleet gives, in one place: what the state knows resources by, and what Docker and clouds know
 * objects by. Changing one replaces agents.
 *
 * The names of Docker objects are injective because a dot separates their parts and neither a slug nor a service's name
 * contains one; and an underscore marks what belongs to the host, because a slug contains none.
 */
import { createHash } from "node:crypto";

/** Labels on every object that this program creates. */
export const LABELS = {
  stack: "agent-fleet.stack",
  agent: "agent-fleet.agent",
  /** On objects at a cloud. */
  host: "agent-fleet.host",
  /** A hash of the settings that the Docker provider accepts without applying: a change of it replaces the container. */
  profile: "agent-fleet.profile",
  /** What a container was created with, as far as the state keeps it sealed: hashes, by setting. */
  settings: "agent-fleet.settings",
  /** How often an object was made again because it was missing or had been changed: a change of it replaces the object. */
  repairs: "agent-fleet.repairs",
} as const;

/** The prefix that an operator's own labels may not use. */
export const RESERVED_LABELS = "agent-fleet.";

/** Logical names: what the stack's state knows an agent's, a host's or a server's resources by. */
export const LOGICAL = {
  slot: (agent: string): string => `${agent}-slot`,
  token: (agent: string): string => `${agent}-token`,
  network: (agent: string): string => `${agent}-network`,
  data: (owner: string): string => `${owner}-data`,
  gateway: (agent: string): string => `${agent}-gateway`,
  service: (host: string, service: string): string => `${host}-${service}`,
  loader: (host: string, service: string): string => `${host}-${service}-config`,
  sharedVolume: (host: string, volume: string): string => `${host}-${volume}`,
  verificationKey: (server: string): string => `${server}-verification-key`,
  facts: (server: string): string => `${server}-facts`,
};

/** The owner in a logical name that was made by the given function; undefined for any other name. */
export function ownerOf(name: string, logical: (owner: string) => string): string | undefined {
  const suffix = logical("");
  return name.endsWith(suffix) ? name.slice(0, -suffix.length) : undefined;
}

/** The one physical name of an agent's container, network and volume. */
export const agentObject = (stack: string, agent: string): string => `fleet.${stack}.${agent}`;

/** The physical name of an object that serves a whole host. */
export const hostObject = (stack: string, part: string): string =>
  `fleet.${stack}.host_${part.replaceAll("-", "_")}`;

/** `fsn1-2`: the second server of group `fsn1`. */
export const serverName = (group: string, number: number): string => `${group}-${number}`;

/** The group and the number in a server's name; undefined for a name that a server cannot have. */
export function parseServerName(name: string): { group: string; number: number } | undefined {
  const [, group, number] = /^(.+)-([1-9]\d*)$/.exec(name) ?? [];
  return group === undefined ? undefined : { group, number: Number(number) };
}

export const isServerOf = (server: string, group: string): boolean =>
  parseServerName(server)?.group === group;

/** The longest name that DNS and Hetzner accept. */
const MAX_CLOUD_NAME = 63;

const HASH_DIGITS = 8;

const hash = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, HASH_DIGITS);

/**
 * A name for a cloud or DNS: at most 63 lower-case letters, digits and hyphens, and different for different parts, as many of them.
 *
 * The parts themselves where they are distinguishable in it; otherwise as much of them as fits, and a hash of the whole.
 *
 * @param parts of which only the last may contain hyphens in a readable name
 */
export function cloudName(...parts: readonly string[]): string {
  const readable = parts.join("-");
  const isInjective =
    parts.slice(0, -1).every((part) => /^[a-z0-9]+$/.test(part)) &&
    /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/.test(parts.at(-1) ?? "") &&
    // Otherwise it could be taken for a name with a hash.
    !/--[0-9a-f]{8}$/.test(readable);
  if (isInjective && readable.length <= MAX_CLOUD_NAME) return readable;
  const plain = readable.toLowerCase().replaceAll(/[^a-z0-9-]/g, "-");
  // A DNS label begins with a letter or a digit; a stack's name may begin with anything.
  const kept = plain.slice(0, MAX_CLOUD_NAME - HASH_DIGITS - 2).replace(/^-+|-+$/g, "") || "x";
  return `${kept}--${hash(JSON.stringify(parts))}`;
}

export const hostnameOf = (agent: string, domain: string): string => `${agent}.${domain}`;

/** A public address; the default HTTPS port is left out because browsers leave it out of origins. */
export const httpsUrl = (hostname: string, port: number): string =>
  port === 443 ? `https://${hostname}` : `https://${hostname}:${port}`;
