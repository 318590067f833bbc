/** The plan as Docker hosts carry it out: the neutral plan with addresses, ports and names of objects. */
import type { DockerConnection } from "../hosts/connection.ts";
import type { HetznerServerPlan } from "../hosts/hetzner/server.ts";
import type { Protection } from "../hosts/protections.ts";
import type { AgentPlan, HostPlan } from "../plan/types.ts";
import type { Slot } from "../registry.ts";
import type { Credential, ServicePort, ServiceSpec } from "../services/service.ts";
import type { AgentSubnet } from "./subnet.ts";

export interface DockerAgentPlan extends AgentPlan, Slot {
  readonly network: AgentSubnet;
  /** The port on the host's loopback address, for tunnels. */
  readonly loopbackPort: number;
  /** Where its users find it, by the access that it has. */
  readonly url: string;
  /** The one physical name of its container and its network. */
  readonly object: string;
  readonly volume: string;
  /** On every object of the agent. The operator's own are on the container only: a network would be replaced for a label. */
  readonly labels: Readonly<Record<string, string>>;
  /** `openclaw.json`. */
  readonly config: string;
}

/** A service of one host, with the names of its Docker objects. */
export interface ServicePlan extends Omit<ServiceSpec, "config" | "sharedVolumes"> {
  readonly name: string;
  readonly title: string;
  readonly image: string;
  readonly config: { readonly file: string; readonly content: string };
  readonly objects: {
    readonly container: string;
    readonly volume: string;
    /** The one-shot container that hands the service its configuration. */
    readonly loader: string;
  };
  readonly sharedVolumes: readonly {
    readonly name: string;
    readonly object: string;
    readonly path: string;
  }[];
  readonly ports: readonly ServicePort[];
  readonly credentials: readonly Credential[];
  /** What replacing the container does to people. */
  readonly replacing: string;
}

export interface DockerHostPlan extends HostPlan {
  /** The daemon, where the configuration alone says where it is. */
  readonly connection: DockerConnection | undefined;
  /** The id of the daemon that it must be, where the configuration says so. */
  readonly daemon: string | undefined;
  /** What its daemon need not enforce. */
  readonly unenforced: readonly Protection[];
  /** The cloud server that is created for it. */
  readonly server: HetznerServerPlan | undefined;
  readonly labels: Readonly<Record<string, string>>;
  readonly services: readonly ServicePlan[];
}
