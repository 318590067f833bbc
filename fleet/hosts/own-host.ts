/** Hosts that exist already: what the kinds `docker` and `ssh` have in common. */
import { capacityOf } from "../placement/sizing.ts";
import { slotsIn } from "../placement/slots.ts";
import type { DockerConnection } from "./connection.ts";
import type { HostEntry, PublicAddress } from "./host.ts";
import type { Protection } from "./protections.ts";

interface OwnHostSettings {
  readonly subnets: string;
  readonly ports: readonly string[];
  readonly maxAgents?: number | undefined;
  readonly memoryMb?: number | undefined;
  readonly cpus?: number | undefined;
  readonly diskGb?: number | undefined;
  readonly drain: boolean;
  readonly daemon?: string | undefined;
  readonly unenforced: readonly Protection[];
}

export function ownHost(
  name: string,
  settings: OwnHostSettings,
  connection: DockerConnection,
  address: PublicAddress,
): HostEntry {
  const { drain, memoryMb, cpus, diskGb } = settings;
  const maxAgents = Math.min(settings.maxAgents ?? Number.POSITIVE_INFINITY, slotsIn(settings));
  const machine = { memoryMb, cpus, diskGb, maxAgents };
  return {
    name,
    ranges: settings,
    owns: (host) => host === name,
    locations: [],
    draining: [],
    reservedNames: [],
    isProtected: false,
    provisions: undefined,
    existing: ({ sizing }) => ({
      hosts: [{ name, machine, capacity: capacityOf(machine, sizing), isDraining: drain }],
      retired: [],
      problems: [],
    }),
    growth: [],
    offers: () => [],
    connection,
    daemon: settings.daemon,
    unenforced: settings.unenforced,
    connectionTo: () => connection,
    publicAddress: () => address,
    planServer: () => undefined,
  };
}
