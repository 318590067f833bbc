/** `docker.Container`, in the steps and with the results of the Docker provider 5.2. */
import { setTimeout as sleep } from "node:timers/promises";
import type Docker from "dockerode";
import type { Properties } from "../../values.ts";
import { HalfMadeError, type ResourceKind } from "../provider.ts";
import { clientOf, GONE, isOurs, unless } from "./client.ts";
import { attachmentsOf, optionsOf, uploadsOf } from "./container-options.ts";
import { outputsOf } from "./container-outputs.ts";
import { archiveOf } from "./tar.ts";

const HEALTH_POLL_MS = 250;
const END_POLL_MS = 50;
/** Already stopped. */
const NOT_MODIFIED = [304, ...GONE];
/** On no such network, or being removed already. */
const REFUSED = [403, ...GONE];
const BEING_REMOVED = [409, ...GONE];

export const container: ResourceKind = {
  inputs: {
    attach: "update",
    capabilities: "replace",
    command: "replace",
    containerReadRefreshTimeoutMilliseconds: "update",
    cpus: "replace",
    destroyGraceSeconds: "update",
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

  async create(inputs, provider) {
    const docker = clientOf(provider);
    const made = await make(docker, inputs);
    const target = docker.getContainer(made.id);
    const state = async (): Promise<Properties> => outputsOf(inputs, await target.inspect());
    try {
      await attachNetworks(docker, made.id, inputs);
      for (const upload of uploadsOf(inputs)) await target.putArchive(await archiveOf(upload), { path: "/" });
      await target.start();
      if (inputs["wait"] === true) await untilHealthy(target, Number(inputs["waitTimeout"]));
      if (inputs["attach"] !== true) return { id: made.id, outputs: await state() };
      await untilEnded(target);
      const logs = inputs["logs"] === true ? await readLogs(target) : null;
      return { id: made.id, outputs: { ...(await state()), containerLogs: logs } };
    } catch (error) {
      // Where Docker no longer answers, what was asked for is all that is known.
      const outputs = await state().catch(() => inputs);
      throw new HalfMadeError((error as Error).message, { id: made.id, outputs });
    }
  },

  /** Limits and the restart policy; the other inputs that need no replacement take effect at the next one. */
  async update(id, old, inputs, provider) {
    const target = clientOf(provider).getContainer(id);
    if (inputs["start"] === true && old["mustRun"] === false && inputs["mustRun"] === true) {
      await unless([304], () => target.start());
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

  async discard(inputs, provider) {
    const docker = clientOf(provider);
    const found = await unless(GONE, () => docker.getContainer(String(inputs["name"])).inspect());
    if (found !== undefined && isOurs(found.Config.Labels, inputs)) await remove(docker, found.Id, 0, true);
  },

  async delete(id, outputs, provider) {
    // A one-shot container has nothing to finish.
    const grace = outputs["attach"] === true ? undefined : Number(outputs["destroyGraceSeconds"] ?? 0);
    await remove(clientOf(provider), id, grace, outputs["removeVolumes"] !== false);
  },
};

async function make(docker: Docker, inputs: Properties): Promise<{ id: string }> {
  const create = (): Promise<{ id: string }> => docker.createContainer(optionsOf(inputs));
  const image = String(inputs["image"]);
  try {
    return await create();
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode !== 404) throw error;
    await pull(docker, image);
    return create();
  }
}

async function pull(docker: Docker, image: string): Promise<void> {
  try {
    const progress = await docker.pull(image);
    await new Promise<void>((resolve, reject) => {
      docker.modem.followProgress(progress, (error: Error | null) =>
        error === null ? resolve() : reject(error),
      );
    });
  } catch (error) {
    throw new Error(
      `image ${image} is not on the host and could not be pulled (${(error as Error).message}); run: npm run images`,
    );
  }
}

async function attachNetworks(docker: Docker, id: string, inputs: Properties): Promise<void> {
  const attachments = attachmentsOf(inputs);
  if (attachments.length > 0) {
    await unless(REFUSED, () => docker.getNetwork("bridge").disconnect({ Container: id }));
  }
  for (const { network, address } of attachments) {
    await docker.getNetwork(network).connect({
      Container: id,
      EndpointConfig: { IPAMConfig: address === undefined ? {} : { IPv4Address: address } },
    });
  }
}

/** @throws when the time is over, or at once when the container keeps ending: with the last of what it said. */
/** Asked again and again, because a wait for an answer has no end where the engine goes away before it comes. */
async function untilEnded(target: Docker.Container): Promise<void> {
  while ((await target.inspect()).State.Status !== "exited") await sleep(END_POLL_MS);
}

async function untilHealthy(target: Docker.Container, seconds: number): Promise<void> {
  const end = performance.now() + seconds * 1000;
  for (;;) {
    const { State, RestartCount } = await target.inspect();
    if (State.Health?.Status === "healthy") return;
    const isOver = performance.now() > end;
    if (isOver || State.OOMKilled || RestartCount >= 3) {
      const cause = State.OOMKilled
        ? "it ran out of memory: give its class more"
        : isOver
          ? `it was not healthy within ${seconds} s`
          : `it ended ${RestartCount} times`;
      throw new Error(`${cause}. Its last words:\n${lastLines(await readLogs(target))}`);
    }
    await sleep(HEALTH_POLL_MS);
  }
}

const lastLines = (text: string): string => text.trimEnd().split("\n").slice(-10).join("\n");

/** Both streams in the order they were written. Docker frames them: a byte for the stream, three empty, four of length. */
async function readLogs(target: Docker.Container): Promise<string> {
  const framed = await target.logs({ stdout: true, stderr: true, follow: false });
  const parts: Buffer[] = [];
  for (let at = 0; at + 8 <= framed.length; ) {
    const length = framed.readUInt32BE(at + 4);
    parts.push(framed.subarray(at + 8, at + 8 + length));
    at += 8 + length;
  }
  return Buffer.concat(parts).toString("utf8");
}

async function remove(
  docker: Docker,
  id: string,
  grace: number | undefined,
  volumes: boolean,
): Promise<void> {
  const target = docker.getContainer(id);
  if (grace !== undefined) await unless(NOT_MODIFIED, () => target.stop({ t: grace }));
  await unless(BEING_REMOVED, () => target.remove({ v: volumes, force: true }));
}
