/** A group of servers at Hetzner, as a host of the fleet. */
import type { Problem } from "../../config/problem.ts";
import { isServerOf, parseServerName } from "../../names.ts";
import type { HostGroup } from "../../placement/offer.ts";
import { compare, plural } from "../../text.ts";
import { type DockerConnection, type SshLogin, sshConnection } from "../connection.ts";
import type { ExistingHosts, HostEntry, HostMachine, HostSource, Surroundings } from "../host.ts";
import { offerOf, offersOf } from "./offers.ts";
import { HETZNER_RULES } from "./rules.ts";
import { planServer } from "./server.ts";
import { type HetznerSettings, hetznerSettings } from "./settings.ts";

const CONNECT_SECONDS = 15;

/** How a server is logged in to once its host key has been verified. */
export const serverLogin = (key: string | undefined, hostKey: string): SshLogin => ({
  key,
  hostKey,
  connectSeconds: CONNECT_SECONDS,
});

export const serverConnection = (address: string, login: SshLogin): DockerConnection =>
  sshConnection({ user: "root", address, port: 22 }, login);

export const hetzner: HostSource<typeof hetznerSettings> = {
  settings: hetznerSettings,
  problems: (settings, context) => Object.values(HETZNER_RULES).flatMap((rule) => rule(settings, context)),
  create: (name, settings): HostEntry => {
    const group = { name, ranges: settings, growth: settings.growth };
    return {
      ...group,
      owns: (host) => host === name || isServerOf(host, name),
      locations: settings.locations,
      draining: settings.drain,
      reservedNames: [...settings.drain, ...settings.retire],
      isProtected: settings.protection,
      provisions: "servers at Hetzner",
      existing: (surroundings) => existingServers(group, settings, surroundings),
      offers: (surroundings) => offersOf(group, settings, surroundings),
      connection: undefined,
      daemon: undefined,
      unenforced: [],
      connectionTo: ({ address, hostKey }) =>
        // Without a verified key nothing is sent to a server.
        hostKey === null
          ? undefined
          : serverConnection(new URL(address).hostname, serverLogin(settings.key, hostKey)),
      publicAddress: (host, { servers }) => servers.get(host)?.address ?? null,
      planServer: (server, offer, context) => planServer(server, name, offer, settings, context),
    };
  },
};

function existingServers(
  group: HostGroup,
  settings: HetznerSettings,
  { registry, catalogue, sizing }: Surroundings,
): ExistingHosts {
  const hosts: HostMachine[] = [];
  const retired: { server: string; monthly: number }[] = [];
  const problems: Problem[] = [];
  const servers = [...registry.servers]
    .filter(([name]) => parseServerName(name)?.group === group.name)
    .toSorted(([a], [b]) => compare(a, b));
  for (const [name, { serverType, location, volumeGb }] of servers) {
    const offer = offerOf({ group, serverType, location }, settings, catalogue, sizing, volumeGb);
    if (settings.retire.includes(name)) {
      retired.push({ server: name, monthly: offer?.monthly ?? 0 });
      problems.push(...stillUsed(group.name, name, registry));
    } else if (offer === undefined) {
      problems.push({
        path: `hosts.${group.name}`,
        value: name,
        message: `the catalogue of ${catalogue.date} does not list ${serverType} in ${location}, so its size is not known`,
        remedy: "refresh it: npm run catalogue",
      });
    } else {
      const { machine, capacity } = offer;
      hosts.push({ name, machine, capacity, location, offer, isDraining: settings.drain.includes(name) });
    }
  }
  return { hosts, retired, problems };
}

function stillUsed(group: string, server: string, { agents }: Surroundings["registry"]): Problem[] {
  const count = [...agents.values()].filter(({ host }) => host === server).length;
  return count === 0
    ? []
    : [
        {
          path: `hosts.${group}.retire`,
          value: server,
          message: `${plural(count, "agent")} ${count === 1 ? "is" : "are"} still on it`,
          remedy: `list it in hosts.${group}.drain first, and retire it in a later update`,
        },
      ];
}
