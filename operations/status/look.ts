/** Looks at one host, changing nothing: all of it within a time limit, and what is slow within one of its own. */
import { execute, get, ping } from "docker-connection";
import { untilTunnelEnds } from "docker-connection/tunnel";
import type Docker from "dockerode";
import type { ContainerInspectInfo } from "dockerode";
import pLimit from "p-limit";
import { hostObject } from "../../fleet/names.ts";
import { activeServices } from "../../fleet/services/index.ts";
import {
  parseSelfReport,
  SAMPLE_SECONDS,
  SELF_REPORT_COMMAND,
  type SelfReport,
} from "../../openclaw/self-report.ts";
import { type DaemonAnswers, readDaemon } from "../../stacks/inventory.ts";
import { messageOf } from "../../system/operator-error.ts";
import type { Connect, DockerConnection } from "../connections.ts";
import { type ServiceState, serviceStates } from "../service-states.ts";
import { FIGURES_COMMAND, type Figures, parseFigures } from "./figures.ts";
import { type Sample, type Usage, usageOf } from "./usage.ts";

export interface Patience {
  /** For the whole host. */
  readonly hostMs: number;
  /** For its daemon's first answer. */
  readonly pingMs: number;
  /** For each part that the rest can do without. */
  readonly partMs: number;
}

export const PATIENCE: Patience = { hostMs: 10_000, pingMs: 5_000, partMs: 2_000 };

/** Most of the time a command waits between two samples; but starting one costs the host a tenth of a second of CPU. */
const PARALLEL_COMMANDS = 32;

export interface Look {
  readonly answers: DaemonAnswers;
  readonly services: readonly ServiceState[];
  readonly figures: Figures | undefined;
  /** By container. */
  readonly usage: ReadonlyMap<string, Usage>;
  /** By container. */
  readonly reports: ReadonlyMap<string, SelfReport>;
  /** Bytes, by volume. Empty if Docker did not say in time. */
  readonly volumes: ReadonlyMap<string, number>;
}

export interface Place {
  readonly host: string;
  readonly connection: DockerConnection;
  readonly stack: string;
  /** The fleet's. */
  readonly settings: object;
  /** Containers of agents. */
  readonly agents: ReadonlySet<string>;
  readonly connectTo: Connect;
}

export const nameOf = ({ Name }: Pick<ContainerInspectInfo, "Name">): string => Name.replace(/^\//, "");

/** What a part gives in time, or else nothing. */
const unlessLate = <T>(work: Promise<T>): Promise<T | undefined> => work.catch(() => undefined);

interface DiskUsage {
  readonly Volumes?:
    | readonly { readonly Name: string; readonly UsageData?: { readonly Size: number } }[]
    | null;
}

/** Docker adds up every file of every volume. Older versions have no type, and add up images and layers as well. */
async function volumeSizes(docker: Docker, signal: AbortSignal): Promise<Map<string, number>> {
  const { Volumes } = await get<DiskUsage>(docker, "/system/df", { type: "volume" }, signal);
  return new Map(
    (Volumes ?? []).flatMap(({ Name, UsageData }): [string, number][] =>
      UsageData === undefined || UsageData.Size < 0 ? [] : [[Name, UsageData.Size]],
    ),
  );
}

/**
 * One sample of each. Two, which CPU time would need, take Docker two seconds: it samples once a second, and its answer
 * waits for that even with `one-shot`. So the CPU time is read by a command in the container.
 */
async function usageIn(
  docker: Docker,
  containers: readonly string[],
  limitedBy: () => AbortSignal,
): Promise<Map<string, Usage>> {
  const query = { stream: "false", "one-shot": "true" };
  const samples = containers.map(async (name): Promise<[string, Usage][]> => {
    const sample = await unlessLate(get<Sample>(docker, `/containers/${name}/stats`, query, limitedBy()));
    return sample === undefined ? [] : [[name, usageOf(sample)]];
  });
  return new Map((await Promise.all(samples)).flat());
}

/** The first of the host's services that can be asked. */
async function figuresOf(
  docker: Docker,
  stack: string,
  settings: object,
  signal: AbortSignal,
): Promise<Figures | undefined> {
  for (const { definition } of activeServices(settings)) {
    const container = docker.getContainer(hostObject(stack, definition.name));
    const output = await unlessLate(execute(container, FIGURES_COMMAND, signal));
    if (output !== undefined) return parseFigures(output);
  }
  return undefined;
}

async function reportsOf(
  docker: Docker,
  containers: readonly string[],
  limitedBy: () => AbortSignal,
): Promise<Map<string, SelfReport>> {
  const limit = pLimit(PARALLEL_COMMANDS);
  const reports = containers.map((name) =>
    limit(async (): Promise<[string, SelfReport][]> => {
      const output = await unlessLate(execute(docker.getContainer(name), SELF_REPORT_COMMAND, limitedBy()));
      return output === undefined ? [] : [[name, parseSelfReport(output)]];
    }),
  );
  return new Map((await Promise.all(reports)).flat());
}

async function look(place: Place, { pingMs, partMs }: Patience, signal: AbortSignal): Promise<Look> {
  const { host, connection, stack, settings, agents, connectTo } = place;
  const docker = connectTo(connection);
  const within = (ms: number) => (): AbortSignal => AbortSignal.any([signal, AbortSignal.timeout(ms)]);
  const part = within(partMs);
  await ping(docker, pingMs);
  const sizes = unlessLate(volumeSizes(docker, part()));
  const answers = await readDaemon(docker, stack, signal);
  const ofAgents = answers.inspected.filter((each) => agents.has(nameOf(each)));
  const alive = ofAgents.filter(({ State }) => State.Running).map(nameOf);
  const askable = ofAgents.filter(({ State }) => State.Status === "running").map(nameOf);
  const [usage, services, figures, reports, volumes] = await Promise.all([
    usageIn(docker, alive, part),
    serviceStates(stack, settings, [[host, connection]], connectTo, part()),
    figuresOf(docker, stack, settings, part()),
    reportsOf(docker, askable, within(SAMPLE_SECONDS * 1000 + partMs)),
    sizes,
  ]);
  return { answers, services, figures, usage, reports, volumes: volumes ?? new Map() };
}

/** What a host has, or why it did not say. */
export async function lookAt(place: Place, patience: Patience): Promise<Look | { readonly problem: string }> {
  const signal = AbortSignal.timeout(patience.hostMs);
  const { promise: late, reject } = Promise.withResolvers<never>();
  signal.addEventListener("abort", () => reject(new Error(`no answer within ${patience.hostMs / 1000} s`)));
  try {
    const work = untilTunnelEnds(place.connection.address, look(place, patience, signal));
    return await Promise.race([work, late]);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    return { problem: (messageOf(error) || code).replace(/\s+/g, " ") };
  }
}
