/** What a host is to the rest of the fleet, whichever kind it is of. */
import type { z } from "zod";
import type { Problem } from "../config/problem.ts";
import type { Sizing } from "../config/sizing.ts";
import type { HostGroup, Offer, ServerOffer } from "../placement/offer.ts";
import type { Amounts, Machine } from "../placement/sizing.ts";
import type { Registry } from "../registry.ts";
import type { DockerConnection } from "./connection.ts";
import type { Catalogue } from "./hetzner/catalogue.ts";
import type { HetznerServerPlan, ServerContext } from "./hetzner/server.ts";
import type { Protection } from "./protections.ts";

/** What is known of a fleet when its hosts are asked. */
export interface Surroundings {
  readonly registry: Registry;
  readonly catalogue: Catalogue;
  readonly sizing: Sizing;
}

/** Where a host's agents are found by their users. */
export type PublicAddress =
  /** An IPv4 address or a name. */
  | string
  /** A server that has no address yet. */
  | null
  /** Only this machine itself reaches it. */
  | undefined;

/** One machine that agents can be placed on. */
export interface HostMachine {
  readonly name: string;
  readonly machine: Machine;
  readonly capacity: Amounts;
  readonly location?: string | undefined;
  /** Absent where the host is the operator's own. */
  readonly offer?: Offer | undefined;
  /** Accepts no agents, and keeps none. */
  readonly isDraining: boolean;
}

export interface ExistingHosts {
  readonly hosts: readonly HostMachine[];
  /** Servers that this update deletes, and what each has cost a month; 0 where the catalogue does not list it. */
  readonly retired: readonly { readonly server: string; readonly monthly: number }[];
  readonly problems: readonly Problem[];
}

/** A key of `hosts`: one host, or a group of servers that are alike. */
export interface HostEntry extends HostGroup {
  /** Whether a host of that name is this entry's, now or in the future. */
  owns(host: string): boolean;
  /** Where its servers may be; empty for a host that has no known location. */
  readonly locations: readonly string[];
  /** Names that `drain` lists. */
  readonly draining: readonly string[];
  /** Names that a new server must not get. */
  readonly reservedNames: readonly string[];
  /** Whether its provider refuses to delete it. */
  readonly isProtected: boolean;
  /** What this program creates through a cloud's API, in words; undefined for hosts that exist already. */
  readonly provisions: string | undefined;
  /** The hosts of this entry that exist. */
  existing(surroundings: Surroundings): ExistingHosts;
  /** What it could grow by, in the order of preference where prices are equal. */
  offers(surroundings: Surroundings): readonly Offer[];
  /** The Docker daemon, where the configuration alone says where it is. */
  readonly connection: DockerConnection | undefined;
  /** The id of the Docker daemon that it must be, where the configuration says so. */
  readonly daemon: string | undefined;
  /** What its Docker daemon need not enforce, as the operator accepts. */
  readonly unenforced: readonly Protection[];
  /** The Docker daemon of a server that exists, by what the last run put out. */
  connectionTo(made: {
    readonly address: string;
    readonly hostKey: string | null;
  }): DockerConnection | undefined;
  publicAddress(host: string, registry: Registry): PublicAddress;
  /** A server of this entry; undefined for hosts that exist already. */
  planServer(name: string, offer: ServerOffer, context: ServerContext): HetznerServerPlan | undefined;
}

/** What the rules of one kind of host see besides its own settings. */
export interface HostRuleContext {
  readonly name: string;
  /** All keys of `hosts`. */
  readonly hostNames: readonly string[];
  readonly privateNetwork: string;
  readonly hasTailnet: boolean;
}

/** A kind of host: its settings, their rules, and what it is to the fleet. */
export interface HostSource<Settings extends z.ZodType = z.ZodType> {
  readonly settings: Settings;
  problems(settings: z.infer<Settings>, context: HostRuleContext): readonly Problem[];
  create(name: string, settings: z.infer<Settings>): HostEntry;
}
