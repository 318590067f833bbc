/**
 * The outputs of `docker.Container` as the real provider records them. The Pulumi CLI compares its next plan with these: one that
 * is missing shows as a change, and sometimes as a replacement.
 */
import type Docker from "dockerode";
import { isObject, type Properties, type Value } from "../../values.ts";
import { objectsIn } from "./inputs.ts";

const MIB = 1024 * 1024;

/** Nanoseconds as Go prints them, for whole seconds: `1m30s`. */
export function goDuration(nanoseconds: number): string {
  const seconds = nanoseconds / 1e9;
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60), seconds % 60];
  return `${h > 0 ? `${h}h` : ""}${h > 0 || m > 0 ? `${m}m` : ""}${s}s`;
}

export const mebibytes = (bytes: number | undefined): number =>
  bytes !== undefined && bytes > 0 ? bytes / MIB : (bytes ?? 0);

type Inspection = Docker.ContainerInspectInfo;

const healthOf = ({ Config }: Inspection): Value => {
  const check = Config.Healthcheck;
  if (check?.Test === undefined) return null;
  return {
    interval: goDuration(check.Interval ?? 0),
    retries: check.Retries ?? 0,
    startInterval: "0s",
    startPeriod: goDuration(check.StartPeriod ?? 0),
    tests: check.Test,
    timeout: goDuration(check.Timeout ?? 0),
  };
};

const networksOf = ({ NetworkSettings }: Inspection): Value =>
  Object.entries(NetworkSettings.Networks).map(([networkName, endpoint]) => ({
    gateway: endpoint.Gateway,
    globalIpv6Address: endpoint.GlobalIPv6Address,
    globalIpv6PrefixLength: endpoint.GlobalIPv6PrefixLen,
    ipAddress: endpoint.IPAddress,
    ipPrefixLength: endpoint.IPPrefixLen,
    ipv6Gateway: endpoint.IPv6Gateway,
    macAddress: endpoint.MacAddress,
    networkName,
  }));

/** A list of objects, each with the fields that the provider fills in. */
const eachWith = (inputs: Properties, key: string, blank: Properties): Value =>
  objectsIn(inputs[key]).map((element) => ({ ...blank, ...element }));

/** What this program never asks for, as the provider fills it in. */
const UNUSED: Properties = {
  bridge: "",
  cgroupParent: null,
  cgroupnsMode: null,
  containerLogs: null,
  cpuPeriod: null,
  cpuQuota: null,
  cpuSet: "",
  cpuShares: 0,
  deviceReadBps: [],
  deviceReadIops: [],
  deviceRequests: [],
  deviceWriteBps: [],
  deviceWriteIops: [],
  devices: [],
  dnsSearches: null,
  domainname: "",
  gpus: null,
  groupAdds: null,
  hosts: [],
  maxRetryCount: 0,
  mounts: [],
  ports: [],
  privileged: false,
  publishAllPorts: false,
  rm: false,
  stdinOpen: false,
  stopTimeout: 0,
  storageOpts: null,
  sysctls: null,
  tty: false,
  ulimits: [],
  usernsMode: "",
};

function configured(inputs: Properties): Properties {
  const { capabilities } = inputs;
  return {
    attach: inputs["attach"] ?? false,
    capabilities: isObject(capabilities)
      ? { adds: capabilities["adds"] ?? [], drops: capabilities["drops"] ?? [] }
      : null,
    containerReadRefreshTimeoutMilliseconds: inputs["containerReadRefreshTimeoutMilliseconds"] ?? 15_000,
    cpus: inputs["cpus"] ?? null,
    destroyGraceSeconds: inputs["destroyGraceSeconds"] ?? null,
    dns: inputs["dns"] ?? null,
    dnsOpts: inputs["dnsOpts"] ?? null,
    envs: inputs["envs"] ?? [],
    init: inputs["init"] ?? false,
    labels: inputs["labels"] ?? [],
    logOpts: inputs["logOpts"] ?? null,
    logs: inputs["logs"] ?? false,
    mustRun: inputs["mustRun"] ?? true,
    networksAdvanced: eachWith(inputs, "networksAdvanced", {
      aliases: [],
      driverOpts: [],
      gwPriority: null,
      ipv4Address: "",
      ipv6Address: "",
      linkLocalIps: [],
      macAddress: "",
    }),
    pidMode: inputs["pidMode"] ?? null,
    removeVolumes: inputs["removeVolumes"] ?? true,
    securityOpts: inputs["securityOpts"] ?? null,
    start: inputs["start"] ?? true,
    tmpfs: inputs["tmpfs"] ?? null,
    uploads: eachWith(inputs, "uploads", {
      contentBase64: "",
      executable: false,
      permissions: "",
      source: "",
      sourceHash: "",
    }),
    volumes: eachWith(inputs, "volumes", {
      fromContainer: "",
      hostPath: "",
      readOnly: null,
      selinuxRelabel: "",
      volumeName: "",
    }),
    wait: inputs["wait"] ?? false,
    waitTimeout: inputs["waitTimeout"] ?? 60,
  };
}

function observed(found: Inspection): Properties {
  const { Config, HostConfig, State } = found;
  return {
    command: Config.Cmd ?? [],
    entrypoints: Config.Entrypoint ?? [],
    exitCode: State.Running ? null : State.ExitCode,
    healthcheck: healthOf(found),
    hostname: Config.Hostname,
    id: found.Id,
    image: Config.Image,
    ipcMode: HostConfig.IpcMode ?? "private",
    logDriver: HostConfig.LogConfig?.Type ?? "",
    memory: mebibytes(HostConfig.Memory),
    memoryReservation: mebibytes(HostConfig.MemoryReservation),
    memorySwap: mebibytes(HostConfig.MemorySwap),
    name: found.Name.replace(/^\//, ""),
    networkDatas: networksOf(found),
    networkMode: HostConfig.NetworkMode ?? "",
    platform: found.Platform,
    readOnly: HostConfig.ReadonlyRootfs ?? false,
    restart: HostConfig.RestartPolicy?.Name ?? "no",
    runtime: HostConfig.Runtime ?? "runc",
    shmSize: mebibytes(HostConfig.ShmSize),
    stopSignal: "StopSignal" in Config && typeof Config.StopSignal === "string" ? Config.StopSignal : "",
    user: Config.User,
    workingDir: Config.WorkingDir,
  };
}

export const outputsOf = (inputs: Properties, found: Inspection): Properties => ({
  ...UNUSED,
  ...configured(inputs),
  ...observed(found),
});
