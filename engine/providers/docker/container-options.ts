/** The inputs of `docker.Container` in the words of Docker's API. */
import type Docker from "dockerode";
import type { Properties } from "../../values.ts";
import { labelMap } from "./client.ts";
import type { Upload } from "./tar.ts";

const MIB = 1024 * 1024;
const SECOND_NS = 1e9;

/** A property that may be left out; the provider's types are checked by the program's own compiler. */
const read = <T>(inputs: Properties, key: string): T | undefined =>
  (inputs[key] ?? undefined) as T | undefined;

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
    throw new Error(`${duration} is no duration such as 30s`);
  return parts.reduce((sum, [, number, unit]) => sum + Number(number) * (UNITS[unit ?? ""] ?? 0), 0);
}

interface Healthcheck {
  readonly tests: string[];
  readonly interval?: string;
  readonly timeout?: string;
  readonly startPeriod?: string;
  readonly retries?: number;
}

const healthcheckOf = ({ tests, interval, timeout, startPeriod, retries }: Healthcheck): object => ({
  Test: tests,
  Interval: nanoseconds(interval ?? "0s"),
  Timeout: nanoseconds(timeout ?? "0s"),
  StartPeriod: nanoseconds(startPeriod ?? "0s"),
  Retries: retries ?? 0,
});

const bindOf = ({
  volumeName,
  hostPath,
  containerPath,
  readOnly,
}: Record<string, string | boolean>): string =>
  `${volumeName ?? hostPath}:${containerPath}:${readOnly === true ? "ro" : "rw"}`;

/** How much, in bytes, of a number of MiB; -1 and 0 mean what they mean to Docker. */
const bytes = (mebibytes: number | undefined): number => (mebibytes ?? 0) * (Number(mebibytes) > 0 ? MIB : 1);

type Options = Docker.ContainerCreateOptions & { readonly HostConfig: Docker.HostConfig };

export function optionsOf(inputs: Properties): Options {
  const text = (key: string): string | undefined => read<string>(inputs, key);
  const texts = (key: string): string[] | undefined => read<string[]>(inputs, key);
  const number = (key: string): number | undefined => read<number>(inputs, key);
  const capabilities = read<{ adds?: string[]; drops?: string[] }>(inputs, "capabilities");
  const healthcheck = read<Healthcheck>(inputs, "healthcheck");
  const volumes = read<Record<string, string | boolean>[]>(inputs, "volumes") ?? [];
  const options = {
    name: text("name"),
    Hostname: text("hostname"),
    Image: text("image"),
    Entrypoint: texts("entrypoints"),
    Cmd: texts("command"),
    User: text("user"),
    WorkingDir: text("workingDir"),
    Env: texts("envs")?.toSorted(),
    Labels: labelMap(inputs["labels"]),
    Volumes: Object.fromEntries(volumes.map(({ containerPath }) => [String(containerPath), {}])),
    Healthcheck: healthcheck && healthcheckOf(healthcheck),
    HostConfig: {
      Binds: volumes.map(bindOf),
      CapAdd: capabilities?.adds,
      CapDrop: capabilities?.drops,
      Init: inputs["init"] === true,
      LogConfig: {
        Type: text("logDriver") ?? "",
        Config: read<Record<string, string>>(inputs, "logOpts") ?? {},
      },
      Memory: bytes(number("memory")),
      MemoryReservation: bytes(number("memoryReservation")),
      MemorySwap: bytes(number("memorySwap")),
      NanoCpus: Math.round(Number(inputs["cpus"] ?? 0) * 1e9),
      NetworkMode: text("networkMode"),
      PidMode: text("pidMode"),
      ReadonlyRootfs: inputs["readOnly"] === true,
      RestartPolicy: { Name: text("restart") ?? "no" },
      SecurityOpt: texts("securityOpts"),
      Tmpfs: read<Record<string, string>>(inputs, "tmpfs"),
    },
  };
  // Docker tells a field that is left out from an empty one.
  return JSON.parse(JSON.stringify(options)) as Options;
}

export const uploadsOf = (inputs: Properties): readonly Upload[] => read<Upload[]>(inputs, "uploads") ?? [];

export interface Attachment {
  readonly network: string;
  readonly address: string | undefined;
}

export const attachmentsOf = (inputs: Properties): readonly Attachment[] =>
  (read<{ name: string; ipv4Address?: string }[]>(inputs, "networksAdvanced") ?? []).map(
    ({ name, ipv4Address }) => ({
      network: name,
      address: ipv4Address,
    }),
  );
