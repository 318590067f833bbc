/** The inputs of `docker.Container` as Docker's API takes them. */
import type Docker from "dockerode";
import { isObject, type Properties, type Value } from "../../values.ts";
import { numberIn, objectsIn, textIn, textMapIn, textsIn } from "./inputs.ts";
import { labelMap } from "./labels.ts";
import type { Upload } from "./tar.ts";

const MIB = 1024 * 1024;
const SECOND_NS = 1e9;

const UNITS: Readonly<Record<string, number>> = {
  ms: 1e6,
  s: SECOND_NS,
  m: 60 * SECOND_NS,
  h: 3600 * SECOND_NS,
};

/** Nanoseconds of a Go duration such as `1m30s`. */
export function nanoseconds(duration: string): number {
  const parts = [...duration.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)];
  if (parts.map(([text]) => text).join("") !== duration)
    throw new Error(`${duration} is not a duration such as 30s`);
  return parts.reduce((sum, [, number, unit]) => sum + Number(number) * (UNITS[unit ?? ""] ?? 0), 0);
}

const healthcheckOf = (healthcheck: Value | undefined): object | undefined => {
  if (!isObject(healthcheck)) return undefined;
  const { tests, interval, timeout, startPeriod, retries } = healthcheck;
  return {
    Test: textsIn(tests),
    Interval: nanoseconds(textIn(interval) ?? "0s"),
    Timeout: nanoseconds(textIn(timeout) ?? "0s"),
    StartPeriod: nanoseconds(textIn(startPeriod) ?? "0s"),
    Retries: numberIn(retries) ?? 0,
  };
};

const bindOf = ({ volumeName, hostPath, containerPath, readOnly }: Properties): string =>
  `${volumeName ?? hostPath}:${containerPath}:${readOnly === true ? "ro" : "rw"}`;

/** Bytes from MiB; -1 and 0 keep their meaning for Docker. */
const bytes = (mebibytes: Value | undefined): number => {
  const number = numberIn(mebibytes) ?? 0;
  return number > 0 ? number * MIB : number;
};

type Options = Docker.ContainerCreateOptions & { readonly HostConfig: Docker.HostConfig };

export function optionsOf(inputs: Properties): Options {
  const capabilities = isObject(inputs["capabilities"]) ? inputs["capabilities"] : {};
  const volumes = objectsIn(inputs["volumes"]);
  const options = {
    name: textIn(inputs["name"]),
    Hostname: textIn(inputs["hostname"]),
    Image: textIn(inputs["image"]),
    Entrypoint: textsIn(inputs["entrypoints"]),
    Cmd: textsIn(inputs["command"]),
    User: textIn(inputs["user"]),
    WorkingDir: textIn(inputs["workingDir"]),
    Env: textsIn(inputs["envs"])?.toSorted(),
    Labels: labelMap(inputs["labels"]),
    Volumes: Object.fromEntries(volumes.map(({ containerPath }) => [String(containerPath), {}])),
    Healthcheck: healthcheckOf(inputs["healthcheck"]),
    HostConfig: {
      Binds: volumes.map(bindOf),
      CapAdd: textsIn(capabilities["adds"]),
      CapDrop: textsIn(capabilities["drops"]),
      Dns: textsIn(inputs["dns"]),
      DnsOptions: textsIn(inputs["dnsOpts"]),
      Init: inputs["init"] === true,
      LogConfig: {
        Type: textIn(inputs["logDriver"]) ?? "",
        Config: textMapIn(inputs["logOpts"]) ?? {},
      },
      Memory: bytes(inputs["memory"]),
      MemoryReservation: bytes(inputs["memoryReservation"]),
      MemorySwap: bytes(inputs["memorySwap"]),
      NanoCpus: Math.round(Number(inputs["cpus"] ?? 0) * 1e9),
      NetworkMode: textIn(inputs["networkMode"]),
      PidMode: textIn(inputs["pidMode"]),
      ReadonlyRootfs: inputs["readOnly"] === true,
      RestartPolicy: { Name: textIn(inputs["restart"]) ?? "no" },
      SecurityOpt: textsIn(inputs["securityOpts"]),
      Tmpfs: textMapIn(inputs["tmpfs"]),
    },
  };
  // Docker distinguishes a missing field from an empty one; JSON drops what is undefined.
  return JSON.parse(JSON.stringify(options));
}

export const uploadsOf = (inputs: Properties): readonly Upload[] =>
  objectsIn(inputs["uploads"]).map(({ file, content }) => ({
    file: textIn(file) ?? "",
    content: textIn(content) ?? "",
  }));

export interface Attachment {
  readonly network: string;
  readonly address: string | undefined;
}

export const attachmentsOf = (inputs: Properties): readonly Attachment[] =>
  objectsIn(inputs["networksAdvanced"]).map(({ name, ipv4Address }) => ({
    network: String(name),
    address: textIn(ipv4Address),
  }));
