/**
 * A host service: a container that every host runs for its agents, such as the ingress or the egress proxy.
 *
 * A service is one folder and one line in `index.ts`. Everything that the fleet knows about it is here, and everything else
 * derives from the list: the settings and their rules, credentials, images, the firewall's ports, the components, the
 * plan's text, page and pull-request comment, `up` and `probe`.
 */
import type { z } from "zod";
import type { Problem } from "../config/problem.ts";

/** A port that a service listens on, on its host. */
export interface ServicePort {
  /** The setting that it comes from: `ingress.port`. */
  readonly setting: string;
  readonly port: number;
  /** Where it listens; `0.0.0.0` or `::` is everywhere. */
  readonly addresses: readonly string[];
  /** Which clients a host's firewall must let through. Agents reach their host at their network's bridge address. */
  readonly openTo: "everyone" | "agents";
}

/** A secret that a service needs. Plans hold its name only. */
export interface Credential {
  /** Its key in the stack's configuration, below `agent-fleet:`. */
  readonly key: string;
  /** The environment variable that the service reads it from. */
  readonly variable: string;
  /** What it must allow, completing "it is needed …". */
  readonly purpose: string;
}

/** An agent as its host's services see it. */
export interface ServedAgent {
  readonly name: string;
  readonly enabled: boolean;
  readonly access: "public" | "tailscale" | "loopback";
  readonly hostname: string;
  /** Its container's address in its own network. */
  readonly address: string;
  readonly loopbackPort: number;
  readonly egress: readonly string[] | "open";
}

/** What a service's plan depends on besides its settings. */
export interface ServiceContext {
  readonly stack: string;
  readonly host: string;
  readonly domain: string;
  /** The host's agents. */
  readonly agents: readonly ServedAgent[];
  /** Names of the services that the host runs. */
  readonly services: ReadonlySet<string>;
  /** Where containers outside the agents' networks reach the host's SSH; undefined on hosts of the operator's own. */
  readonly sshAddress: string | undefined;
}

/** Linux capabilities of a container. */
interface Capabilities {
  readonly drops: readonly string[];
  readonly adds?: readonly string[];
}

/** The container that a service runs in. */
export interface ContainerProfile {
  readonly user: string;
  readonly capabilities: Capabilities;
  readonly memoryMb: number;
  readonly tmpfs: Readonly<Record<string, string>>;
  readonly networkMode: "host" | "bridge";
  readonly environment: readonly string[];
  /** Starts the service. It may assume that its configuration file exists in `SERVICE_DIRECTORY`. */
  readonly run: string;
}

/**
 * The one-shot container that hands a service its configuration, so that the service itself is never restarted for it and
 * everything goes over Docker's API.
 */
export interface ConfigLoader {
  readonly capabilities: Capabilities;
  /** Sees and signals the service's processes. */
  readonly sharesProcesses: boolean;
  /** Puts the file in `CONFIG_DIRECTORY` into force and copies it to `SERVICE_DIRECTORY`; its output explains a failure. */
  readonly load: string;
}

/** Where a service's volume is mounted, in its container and in its loader's. */
export const SERVICE_DIRECTORY = "/service";

/** Where the loader finds the new configuration. */
export const CONFIG_DIRECTORY = "/config";

/** What one host runs of a service. Names of Docker objects are added by the Docker part of the plan. */
export interface ServiceSpec {
  /** The content of its configuration file. */
  readonly config: string;
  readonly container: ContainerProfile;
  readonly loader: ConfigLoader;
  /** Volumes that several services of a host meet in: their names, and where they are mounted. */
  readonly sharedVolumes: readonly { readonly name: string; readonly path: string }[];
}

/** How a service's image is put together from package registries where no container registry answers. */
export interface ImageRecipe {
  /** Debian packages in addition to the essential ones. */
  readonly packages: readonly string[];
  /** Programs built from a Go module and installed to `folder`; `{version}` is the image's version. */
  readonly go?: {
    readonly module: string;
    readonly programs: readonly string[];
    readonly folder: string;
    /** Linker flags. */
    readonly flags: string;
  };
  /** Shell commands that finish the root file system at `$1`. */
  readonly finish?: string;
  /** The image's settings, as Dockerfile instructions; `{version}` is the image's version. */
  readonly settings: readonly string[];
}

export interface ServiceDefinition<Setting extends string = string, Schema extends z.ZodType = z.ZodType> {
  /** In names of resources and objects: `egress-proxy`. */
  readonly name: string;
  /** For people: `egress proxy`. */
  readonly title: string;
  /** Its key in `agent-fleet:fleet`. A host runs the service unless the setting is left out and has no default. */
  readonly setting: Setting;
  readonly settings: Schema;
  /** What is wrong with settings of the right shape. */
  problems(settings: NonNullable<z.infer<Schema>>): readonly Problem[];
  image(settings: NonNullable<z.infer<Schema>>): string;
  readonly recipe: ImageRecipe;
  ports(settings: NonNullable<z.infer<Schema>>): readonly ServicePort[];
  /** Secrets that it may need. */
  readonly credentials: readonly Credential[];
  /** Whether it needs them with these settings. */
  needsCredentials(settings: NonNullable<z.infer<Schema>>): boolean;
  /** The name of its one configuration file. */
  readonly configFile: string;
  plan(settings: NonNullable<z.infer<Schema>>, context: ServiceContext): ServiceSpec;
  /** A command that succeeds in the container while the service works. */
  health(settings: NonNullable<z.infer<Schema>>): readonly string[];
  /** What replacing the container does to people: "every connection through it is closed". */
  readonly replacing: string;
}
