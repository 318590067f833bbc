/**
 * Hetzner's Cloud API, version 1, on this machine: what the Pulumi provider calls, with its waiting, its refusals and
 * its limits. What is in the project is in memory. Callbacks put real machines behind its servers.
 */
import { type Api, startApi } from "./api.ts";
import type { Action, ActionFailure } from "./hetzner/actions.ts";
import { Budget, type RateLimit } from "./hetzner/budget.ts";
import { Cloud, type CloudOptions } from "./hetzner/cloud.ts";
import { firewalls } from "./hetzner/firewalls.ts";
import { fixed } from "./hetzner/fixed.ts";
import { networks } from "./hetzner/networks.ts";
import { placementGroups } from "./hetzner/placement-groups.ts";
import { primaryIps } from "./hetzner/primary-ips.ts";
import { Refusal } from "./hetzner/refusal.ts";
import { serverActions } from "./hetzner/server-actions.ts";
import { servers } from "./hetzner/servers.ts";
import { sshKeys } from "./hetzner/ssh-keys.ts";
import * as views from "./hetzner/views.ts";
import { volumes } from "./hetzner/volumes.ts";

/** As long as real ones are; any other of that length is as good. */
export const HETZNER_TOKEN = "t".repeat(64);

const HOUR_MS = 3_600_000;
const LIMIT: RateLimit = { requests: 3600, windowMs: HOUR_MS };

export interface HetznerOptions extends CloudOptions {
  /** Of the project; the real one's is 3600 an hour, and comes back steadily. */
  readonly rateLimit?: RateLimit;
}

export interface HetznerFailure {
  readonly code: string;
  readonly message?: string;
  readonly details?: unknown;
}

export interface Hetzner extends Api<HetznerFailure> {
  readonly token: string;
  /** What there is now, as the API shows it. */
  readonly servers: readonly views.ServerView[];
  readonly volumes: readonly views.VolumeView[];
  readonly primaryIps: readonly views.PrimaryIpView[];
  readonly networks: readonly views.NetworkView[];
  readonly firewalls: readonly views.FirewallView[];
  readonly placementGroups: readonly views.PlacementGroupView[];
  readonly sshKeys: readonly views.SshKeyView[];
  /** All there ever were. */
  readonly actions: readonly Action[];
  /** What a location has run out of: `cx23@fsn1`. */
  readonly soldOut: Set<string>;
  /** What a server was made with; the API never shows it. */
  userDataOf(server: number): string;
  /** The next action of this name (`create_server`) begins, and ends in an error, without effect. */
  failAction(command: string, failure: ActionFailure): void;
}

const allRoutes = (cloud: Cloud) => ({
  ...servers(cloud),
  ...serverActions(cloud),
  ...volumes(cloud),
  ...primaryIps(cloud),
  ...networks(cloud),
  ...firewalls(cloud),
  ...placementGroups(cloud),
  ...sshKeys(cloud),
  ...fixed(cloud),
});

export async function startHetzner(options: HetznerOptions = {}): Promise<Hetzner> {
  const cloud = new Cloud(options);
  const budget = new Budget(options.rateLimit ?? LIMIT);
  const api = await startApi<HetznerFailure>({
    root: "/v1",
    routes: allRoutes(cloud),
    admit: ({ headers }) => {
      if (!/^Bearer \S{64}$/.test(headers.authorization ?? "")) {
        return new Refusal("unauthorized", "unable to authenticate").answer();
      }
      return budget.take() ? undefined : new Refusal("rate_limit_exceeded").answer();
    },
    refuse: (error) => {
      if (error instanceof Refusal) return error.answer();
      throw error;
    },
    missing: ({ method, path }) => new Refusal("not_found", `no such endpoint: ${method} ${path}`).answer(),
    failed: ({ code, message, details }) => new Refusal(code, message, details).answer(),
    headers: () => budget.headers(),
  });
  const shown = <Item, View>(items: ReadonlyMap<number, Item>, show: (cloud: Cloud, item: Item) => View) =>
    [...items.values()].map((item) => show(cloud, item));

  return {
    ...api,
    token: HETZNER_TOKEN,
    get servers() {
      return shown(cloud.servers, views.serverView);
    },
    get volumes() {
      return shown(cloud.volumes, views.volumeView);
    },
    get primaryIps() {
      return shown(cloud.primaryIps, views.primaryIpView);
    },
    get networks() {
      return shown(cloud.networks, views.networkView);
    },
    get firewalls() {
      return shown(cloud.firewalls, views.firewallView);
    },
    get placementGroups() {
      return shown(cloud.placementGroups, views.placementGroupView);
    },
    get sshKeys() {
      return shown(cloud.sshKeys, views.sshKeyView);
    },
    actions: cloud.actions.all,
    soldOut: cloud.soldOut,
    userDataOf: (server) => cloud.servers.get(server)?.userData ?? "",
    failAction: (command, failure) => cloud.actions.fail(command, failure),
    close: async () => {
      await api.close();
      await cloud.actions.close();
    },
  };
}
