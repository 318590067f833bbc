/**
 * The outputs of `docker.Container` as the real provider records them. The Pulumi CLI compares its next plan with these: one that
 * is missing shows as a change, and sometimes as a replacement.
 */
import type Docker from "dockerode";
import { isObject, type Properties, type Value } from "../../values.ts";
import { objectsIn } from "./inputs.ts";

const MIB = 1024 * 1024;

/** Nanoseconds as Go prints them, for whole seconds: `1m30s`. */
function goDuration(nanoseconds: number): string {
  const seconds = nanoseconds / 1e9;
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60), seconds % 60];
  return `${h > 0 ? `${h}h` : ""}${h > 0 || m > 0 ? `${m}m` : ""}${s}s`;
}

const mebibytes = (bytes: number | undefined): number =>
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

export function outputsOf(inputs: Properties, found: Inspection): Properties {
  const { Config, HostConfig, State } = found;
  const { capabilities } = inputs;
  return {
    attach: inputs["attach"] ?? false,
    bridge: "",
    capabilities: isObject(capabilities)
      ? { adds: capabilities["adds"] ?? [], drops: capabilities["drops"] ?? [] }
      : null,
    cgroupParent: null,
    cgroupnsMode: null,
    command: Config.Cmd ?? [],
    containerLogs: null,
    containerReadRefreshTimeoutMilliseconds: inputs["containerReadRefreshTimeoutMilliseconds"] ?? 15_000,
    cpuPeriod: null,
    cpuQuota: null,
    cpuSet: "",
    cpuShares: 0,
    cpus: inputs["cpus"] ?? null,
    destroyGraceSeconds: inputs["destroyGraceSeconds"] ?? null,
    deviceReadBps: [],
    deviceReadIops: [],
    deviceRequests: [],
    deviceWriteBps: [],
    deviceWriteIops: [],
    devices: [],
    dns: null,
    dnsOpts: null,
    dnsSearches: null,
    domainname: "",
    entrypoints: Config.Entrypoint ?? [],
    envs: inputs["envs"] ?? [],
    exitCode: State.Running ? null : State.ExitCode,
    gpus: null,
    groupAdds: null,
    healthcheck: healthOf(found),
    hostname: Config.Hostname,
    hosts: [],
    id: found.Id,
    image: Config.Image,
    init: inputs["init"] ?? false,
    ipcMode: HostConfig.IpcMode ?? "private",
    labels: inputs["labels"] ?? [],
    logDriver: HostConfig.LogConfig?.Type ?? "",
    logOpts: inputs["logOpts"] ?? null,
    logs: inputs["logs"] ?? false,
    maxRetryCount: 0,
    memory: mebibytes(HostConfig.Memory),
    memoryReservation: mebibytes(HostConfig.MemoryReservation),
    memorySwap: mebibytes(HostConfig.MemorySwap),
    mounts: [],
    mustRun: inputs["mustRun"] ?? true,
    name: found.Name.replace(/^\//, ""),
    networkDatas: networksOf(found),
    networkMode: HostConfig.NetworkMode ?? "",
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
    platform: found.Platform,
    ports: [],
    privileged: false,
    publishAllPorts: false,
    readOnly: HostConfig.ReadonlyRootfs ?? false,
    removeVolumes: inputs["removeVolumes"] ?? true,
    restart: HostConfig.RestartPolicy?.Name ?? "no",
    rm: false,
    runtime: HostConfig.Runtime ?? "runc",
    securityOpts: inputs["securityOpts"] ?? null,
    shmSize: mebibytes(HostConfig.ShmSize),
    start: inputs["start"] ?? true,
    stdinOpen: false,
    stopSignal: "StopSignal" in Config && typeof Config.StopSignal === "string" ? Config.StopSignal : "",
    stopTimeout: 0,
    storageOpts: null,
    sysctls: null,
    tmpfs: inputs["tmpfs"] ?? null,
    tty: false,
    ulimits: [],
    uploads: eachWith(inputs, "uploads", {
      contentBase64: "",
      executable: false,
      permissions: "",
      source: "",
      sourceHash: "",
    }),
    user: Config.User,
    usernsMode: "",
    volumes: eachWith(inputs, "volumes", {
      fromContainer: "",
      hostPath: "",
      readOnly: null,
      selinuxRelabel: "",
      volumeName: "",
    }),
    wait: inputs["wait"] ?? false,
    waitTimeout: inputs["waitTimeout"] ?? 60,
    workingDir: Config.WorkingDir,
  };
}
