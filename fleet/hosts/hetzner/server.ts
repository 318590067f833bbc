/** A server at Hetzner, with everything that is created for it. */
import { cloudName, LABELS, parseServerName } from "../../names.ts";
import type { ServerOffer } from "../../placement/offer.ts";
import type { RegisteredServer, ServerFacts } from "../../registry.ts";
import type { ServicePort } from "../../services/service.ts";
import { renderFirstBoot } from "./first-boot.ts";
import type { HetznerSettings } from "./settings.ts";

export interface HetznerServerPlan {
  readonly group: string;
  /** Its name at Hetzner, and the beginning of its parts' names. */
  readonly physicalName: string;
  readonly serverType: string;
  readonly location: string;
  readonly image: string;
  /** Its data volume, GB; 0 for none. */
  readonly volumeGb: number;
  /** The data volume's name at Hetzner. */
  readonly dataVolume: string | undefined;
  /** The placement group that it belongs to: servers of one are on different machines. */
  readonly placementGroup: string;
  readonly userData: string;
  /** Whether Hetzner refuses to delete it. */
  readonly isProtected: boolean;
  /** The private key's file; undefined for what `ssh` would use. */
  readonly key: string | undefined;
  /** Where SSH answers, where that is not the server's public address. */
  readonly sshAddress: string | undefined;
  readonly readySeconds: number;
  /** What was observed when it was last found ready. */
  readonly known: ServerFacts | undefined;
  readonly labels: Readonly<Record<string, string>>;
  /** Ranges that may connect by SSH. */
  readonly sshFrom: readonly string[];
  /** Ports that are open to everyone. */
  readonly publicPorts: readonly number[];
}

/** What a server's plan depends on besides its group's settings. */
export interface ServerContext {
  readonly stack: string;
  readonly known: RegisteredServer | undefined;
  readonly isDraining: boolean;
  /** Of all host services. */
  readonly ports: readonly ServicePort[];
  /** The server's name in the tailnet; undefined where there is no tailnet. */
  readonly tailnetName: string | undefined;
}

/** Hetzner puts at most this many servers into a placement group. */
const PLACEMENT_GROUP_SIZE = 10;

/** By the server's number, so that no server ever changes its placement group. */
const placementGroupOf = (group: string, server: string): string =>
  `${group}-spread-${Math.ceil((parseServerName(server)?.number ?? 1) / PLACEMENT_GROUP_SIZE)}`;

export function planServer(
  name: string,
  group: string,
  { serverType, location, machine }: ServerOffer,
  settings: HetznerSettings,
  { stack, known, isDraining, ports, tailnetName }: ServerContext,
): HetznerServerPlan {
  // A volume can grow, but never shrink.
  const volumeGb = Math.max(machine.dataGb ?? 0, known?.volumeGb ?? 0);
  const physicalName = cloudName("fleet", stack, name);
  const byNumber = ports.toSorted((a, b) => a.port - b.port);
  const publicPorts = byNumber.filter(({ openTo }) => openTo === "everyone").map(({ port }) => port);
  return {
    group,
    physicalName,
    serverType,
    location,
    image: settings.image,
    volumeGb,
    dataVolume: volumeGb > 0 ? cloudName("fleet", stack, `${name}-data`) : undefined,
    placementGroup: placementGroupOf(group, name),
    userData: renderFirstBoot({
      publicKeys: settings.publicKeys,
      subnets: settings.subnets,
      servicePorts: byNumber.map(({ port }) => port),
      publicPorts,
      hasDataVolume: volumeGb > 0,
    }),
    isProtected: settings.protection && !isDraining,
    key: settings.key,
    sshAddress: settings.sshFrom.length === 0 ? tailnetName : undefined,
    readySeconds: settings.readySeconds,
    known: known?.facts,
    labels: { [LABELS.stack]: stack, [LABELS.host]: name },
    sshFrom: settings.sshFrom,
    publicPorts,
  };
}
