/** `docker.Container`, with the steps and the results of the Docker provider 5.2. */
import { setTimeout as sleep } from "node:timers/promises";
import { NOT_FOUND, readLogs, statusOf, unlessStatus } from "docker-connection";
import type Docker from "dockerode";
import { messageOf } from "../../messages.ts";
import type { Properties } from "../../values.ts";
import { InitError, type ResourceProvider } from "../resource-provider.ts";
import { dockerFor } from "./connection.ts";
import { attachmentsOf, optionsOf, uploadsOf } from "./container-options.ts";
import { outputsOf } from "./container-outputs.ts";
import { findContainer } from "./find-container.ts";
import { isOurs } from "./labels.ts";
import { archiveOf } from "./tar.ts";

const HEALTH_POLL_MS = 250;
const END_POLL_MS = 50;
/** Docker's answer if the container is already running, or already stopped. */
const NOT_MODIFIED = 304;
/** Docker's answer if the container is not on the network. */
const FORBIDDEN = 403;
/** Docker's answer if the container is already being removed. */
const CONFLICT = 409;
const MAX_RESTARTS = 3;
const LAST_LOG_LINES = 10;

export const container: ResourceProvider = {
  inputs: {
    attach: "update",
    capabilities: "replace",
    command: "replace",
    containerReadRefreshTimeoutMilliseconds: "update",
    cpus: "replace",
    destroyGraceSeconds: "update",
    dns: "replace",
    dnsOpts: "replace",
    entrypoints: "replace",
    envs: "replace",
    healthcheck: "update",
    hostname: "replace",
    image: "replace",
    init: "update",
    labels: "replace",
    logDriver: "replace",
    logOpts: "replace",
    logs: "update",
    memory: "update",
    memoryReservation: "update",
    memorySwap: "update",
    mustRun: "update",
    name: "replace",
    networkMode: "replace",
    networksAdvanced: "replace",
    pidMode: "replace",
    readOnly: "replace",
    removeVolumes: "update",
    restart: "update",
    securityOpts: "replace",
    start: "update",
    tmpfs: "update",
    uploads: "replace",
    user: "replace",
    volumes: "replace",
    wait: "update",
    waitTimeout: "update",
    workingDir: "replace",
  },
  sensitiveInputs: ["envs"],
  defaults: {
    attach: false,
    containerReadRefreshTimeoutMilliseconds: 15_000,
    logs: false,
    mustRun: true,
    removeVolumes: true,
    restart: "no",
    start: true,
    wait: false,
    waitTimeout: 60,
  },

  async create(inputs, configuration) {
    const docker = dockerFor(configuration);
    const { id } = await createContainer(docker, inputs);
    const target = docker.getContainer(id);
    const outputs = async (): Promise<Properties> => outputsOf(inputs, await target.inspect());
    try {
      await attachNetworks(docker, id, inputs);
      for (const upload of uploadsOf(inputs)) await target.putArchive(await archiveOf(upload), { path: "/" });
      await target.start();
      if (inputs["wait"] === true) await untilHealthy(target, Number(inputs["waitTimeout"]));
      if (inputs["attach"] !== true) return { id, outputs: await outputs() };
      await untilExited(target);
      const logs = inputs["logs"] === true ? await readLogs(target) : null;
      return { id, outputs: { ...(await outputs()), containerLogs: logs } };
    } catch (error) {
      // If Docker no longer answers, the inputs are all that is known besides.
      const known = await outputs().catch(() => ({ ...inputs, id }));
      throw new InitError(messageOf(error), { id, outputs: known }, { cause: error });
    }
  },

  find: findContainer,

  /** Applies limits and the restart policy. The other inputs that require no replacement take effect at the next one. */
  async update({ id, outputs, inputs }, configuration) {
    const target = dockerFor(configuration).getContainer(id);
    if (inputs["start"] === true && outputs["mustRun"] === false && inputs["mustRun"] === true) {
      await unlessStatus([NOT_MODIFIED], () => target.start());
    }
    const { HostConfig } = optionsOf(inputs);
    await target.update({
      Memory: HostConfig.Memory,
      MemoryReservation: HostConfig.MemoryReservation,
      MemorySwap: HostConfig.MemorySwap,
      RestartPolicy: HostConfig.RestartPolicy,
    });
    return outputsOf(inputs, await target.inspect());
  },

  async cleanUp(inputs, configuration) {
    const docker = dockerFor(configuration);
    const name = String(inputs["name"]);
    const found = await unlessStatus([NOT_FOUND], () => docker.getContainer(name).inspect());
    if (found !== undefined && isOurs(found.Config.Labels, inputs)) await remove(docker, found.Id, 0, true);
  },

  async delete({ id, outputs }, configuration) {
    // A container that runs to completion has no work to finish.
    const grace = outputs["attach"] === true ? undefined : Number(outputs["destroyGraceSeconds"] ?? 0);
    await remove(dockerFor(configuration), id, grace, outputs["removeVolumes"] !== false);
  },
};

async function createContainer(docker: Docker, inputs: Properties): Promise<{ id: string }> {
  const create = (): Promise<{ id: string }> => docker.createContainer(optionsOf(inputs));
  try {
    return await create();
  } catch (error) {
    if (statusOf(error) !== NOT_FOUND) throw error;
    await pull(docker, String(inputs["image"]));
    return create();
  }
}

/** Docker reports a failure after its first answer as one of these. */
interface PullEvent {
  readonly error?: string;
}

async function pull(docker: Docker, image: string): Promise<void> {
  try {
    const progress = await docker.pull(image);
    const events = await new Promise<readonly PullEvent[]>((resolve, reject) => {
      docker.modem.followProgress(progress, (error: Error | null, output: readonly PullEvent[]) =>
        error === null ? resolve(output) : reject(error),
      );
    });
    const failure = events.find(({ error }) => error !== undefined);
    if (failure !== undefined) throw new Error(failure.error);
  } catch (error) {
    throw new Error(
      `image ${image} is not on the host and could not be pulled (${messageOf(error)}); build or load it there first`,
      { cause: error },
    );
  }
}

async function attachNetworks(docker: Docker, id: string, inputs: Properties): Promise<void> {
  const attachments = attachmentsOf(inputs);
  if (attachments.length > 0) {
    await unlessStatus([FORBIDDEN, NOT_FOUND], () =>
      docker.getNetwork("bridge").disconnect({ Container: id }),
    );
  }
  for (const { network, address } of attachments) {
    await docker.getNetwork(network).connect({
      Container: id,
      EndpointConfig: { IPAMConfig: address === undefined ? {} : { IPv4Address: address } },
    });
  }
}

/** Polls, because a blocking wait never returns if the daemon goes away before it answers. */
async function untilExited(target: Docker.Container): Promise<void> {
  while ((await target.inspect()).State.Status !== "exited") await sleep(END_POLL_MS);
}

/** @throws Error with the last log lines, at the timeout or as soon as the container keeps exiting */
async function untilHealthy(target: Docker.Container, seconds: number): Promise<void> {
  const end = performance.now() + seconds * 1000;
  for (;;) {
    const { State, RestartCount } = await target.inspect();
    if (State.Health?.Status === "healthy") return;
    const isOver = performance.now() > end;
    if (isOver || State.OOMKilled || RestartCount >= MAX_RESTARTS) {
      const cause = State.OOMKilled
        ? "out of memory (raise its memory limit)"
        : isOver
          ? `not healthy within ${seconds} s`
          : `exited ${RestartCount} times`;
      throw new Error(`${cause}. Last log lines:\n${lastLines(await readLogs(target))}`);
    }
    await sleep(HEALTH_POLL_MS);
  }
}

const lastLines = (text: string): string => text.trimEnd().split("\n").slice(-LAST_LOG_LINES).join("\n");

async function remove(
  docker: Docker,
  id: string,
  graceSeconds: number | undefined,
  volumes: boolean,
): Promise<void> {
  const target = docker.getContainer(id);
  if (graceSeconds !== undefined) {
    await unlessStatus([NOT_MODIFIED, NOT_FOUND], () => target.stop({ t: graceSeconds }));
  }
  await unlessStatus([CONFLICT, NOT_FOUND], () => target.remove({ v: volumes, force: true }));
}
