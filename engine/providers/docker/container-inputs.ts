/**
 * The actual inputs of an existing container, as far as Docker reports them.
 *
 * The requested inputs are converted into Docker's form and back as well, so that two spellings of one value do not differ.
 */
import type Docker from "dockerode";
import { equal, holdsUnknown, type Properties, type Value } from "../../values.ts";
import { type Attachment, attachmentsOf, optionsOf } from "./container-options.ts";
import { goDuration, mebibytes } from "./container-outputs.ts";
import { labelPairs } from "./labels.ts";

/** What an image sets for its containers. */
export type ImageConfig = Pick<
  Partial<Docker.ContainerCreateOptions>,
  "Env" | "Labels" | "Entrypoint" | "Cmd" | "User" | "WorkingDir" | "Healthcheck"
>;

/** A container in Docker's form: one that exists, or one that is asked for. */
interface Described {
  readonly config: Docker.ContainerCreateOptions;
  readonly host: Docker.HostConfig;
  readonly attachments: readonly Attachment[];
}

const texts = (value: string | readonly string[] | null | undefined): string[] =>
  typeof value === "string" ? [value] : [...(value ?? [])];

const orNull = (text: string | undefined): string | null => text || null;

const isFilled = (list: readonly unknown[]): boolean => list.length > 0;

function healthcheckIn({ config: { Healthcheck: check } }: Described): Value {
  if (check?.Test === undefined || check.Test.length === 0) return null;
  return {
    tests: check.Test,
    interval: goDuration(check.Interval ?? 0),
    timeout: goDuration(check.Timeout ?? 0),
    startPeriod: goDuration(check.StartPeriod ?? 0),
    retries: check.Retries ?? 0,
  };
}

/** Daemons differ in whether they spell out the prefix. */
const capabilityNames = (names: string | readonly string[] | null | undefined): string[] =>
  texts(names)
    .map((name) => name.replace(/^CAP_/, ""))
    .toSorted();

function capabilitiesIn({ host }: Described): Value {
  const [adds, drops] = [capabilityNames(host.CapAdd), capabilityNames(host.CapDrop)];
  if (!isFilled(adds) && !isFilled(drops)) return null;
  return { ...(isFilled(adds) ? { adds } : {}), ...(isFilled(drops) ? { drops } : {}) };
}

function volumeOf(bind: string): Properties {
  const [source = "", containerPath = "", mode = ""] = bind.split(":");
  return {
    [source.startsWith("/") ? "hostPath" : "volumeName"]: source,
    containerPath,
    ...(mode.split(",").includes("ro") ? { readOnly: true } : {}),
  };
}

/** What the image sets is not an input. */
const labelsIn = ({ config }: Described, image: ImageConfig): Value =>
  labelPairs(
    Object.fromEntries(
      Object.entries(config.Labels ?? {}).filter(([key, value]) => image.Labels?.[key] !== value),
    ),
  );

const INPUTS: Readonly<Record<string, (container: Described, image: ImageConfig) => Value>> = {
  capabilities: capabilitiesIn,
  command: ({ config }) => texts(config.Cmd),
  cpus: ({ host: { NanoCpus = 0 } }) => (NanoCpus > 0 ? String(NanoCpus / 1e9) : null),
  dns: ({ host }) => texts(host.Dns),
  dnsOpts: ({ host }) => texts(host.DnsOptions),
  entrypoints: ({ config }) => texts(config.Entrypoint),
  envs: ({ config }, image) =>
    texts(config.Env)
      .filter((each) => !texts(image.Env).includes(each))
      .toSorted(),
  healthcheck: healthcheckIn,
  hostname: ({ config }) => orNull(config.Hostname),
  image: ({ config }) => orNull(config.Image),
  init: ({ host }) => host.Init === true,
  labels: labelsIn,
  logDriver: ({ host }) => orNull(host.LogConfig?.Type),
  logOpts: ({ host }) => ({ ...host.LogConfig?.Config }),
  memory: ({ host }) => mebibytes(host.Memory),
  memoryReservation: ({ host }) => mebibytes(host.MemoryReservation),
  memorySwap: ({ host }) => mebibytes(host.MemorySwap),
  networkMode: ({ host }) => orNull(host.NetworkMode),
  networksAdvanced: ({ attachments }) =>
    attachments
      .map(({ network, address }) => ({
        name: network,
        ...(address === undefined ? {} : { ipv4Address: address }),
      }))
      .toSorted((a, b) => (a.name < b.name ? -1 : 1)),
  pidMode: ({ host }) => orNull(host.PidMode),
  readOnly: ({ host }) => host.ReadonlyRootfs === true,
  restart: ({ host }) => host.RestartPolicy?.Name || "no",
  securityOpts: ({ host }) => texts(host.SecurityOpt).toSorted(),
  tmpfs: ({ host }) => ({ ...host.Tmpfs }),
  user: ({ config }) => orNull(config.User),
  volumes: ({ host }) => texts(host.Binds).toSorted().map(volumeOf),
  workingDir: ({ config }) => orNull(config.WorkingDir),
};

/** What the daemon fills in where it was not asked for. */
const DAEMON_DEFAULTS = new Set(["hostname", "logDriver", "logOpts", "memorySwap", "networkMode"]);

/** What Docker takes from the image where it was not asked for. A new entrypoint loses the image's command. */
function asked(inputs: Properties, image: ImageConfig): Described {
  const { HostConfig, ...own } = optionsOf(inputs);
  const { Entrypoint, Cmd, User, WorkingDir, Healthcheck } = image;
  const ofImage = {
    Entrypoint,
    User,
    WorkingDir,
    Healthcheck,
    ...(own.Entrypoint === undefined ? { Cmd } : {}),
  };
  return { config: { ...ofImage, ...own }, host: HostConfig, attachments: attachmentsOf(inputs) };
}

/** Networks that a container is on by its mode; they are not attached to. */
const MODES = new Set(["bridge", "host", "none"]);

function existing({ Config, HostConfig, NetworkSettings }: Docker.ContainerInspectInfo): Described {
  const attachments = Object.entries(NetworkSettings.Networks)
    .filter(([name]) => !MODES.has(name))
    .map(([, { NetworkID, IPAMConfig }]) => ({
      network: NetworkID,
      address: IPAMConfig?.IPv4Address || undefined,
    }));
  // What Docker reports of a container is what it takes for one, but its types do not say so.
  return { config: Config as Docker.ContainerCreateOptions, host: HostConfig, attachments };
}

/** The inputs that differ from those that are asked for, as they are; null for one that is not set. */
export function differingInputs(
  inputs: Properties,
  found: Docker.ContainerInspectInfo,
  image: ImageConfig,
): Properties {
  const [actual, wanted] = [existing(found), asked(inputs, image)];
  const differing: Properties = {};
  for (const [key, read] of Object.entries(INPUTS)) {
    const input = inputs[key];
    if (input === undefined && DAEMON_DEFAULTS.has(key)) continue;
    const value = read(actual, image);
    if (holdsUnknown(input) || !equal(value, read(wanted, image))) differing[key] = value;
  }
  return differing;
}
