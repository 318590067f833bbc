/** One gateway of the fleet, started again and again under other limits, and what it holds meanwhile. */
import { setTimeout as sleep } from "node:timers/promises";
import Docker from "dockerode";
import { gatewayEnvironment } from "../../../openclaw/environment.ts";
import type { Model } from "../../../tests/support/gateway/model.ts";
import {
  heldMb,
  type Recipe,
  replace,
  untilStarted,
  withEnvironment,
} from "../../../tests/support/gateway/recipes.ts";
import { docker as dockerCommand } from "../raw-docker.ts";

const MIB = 2 ** 20;
const SAMPLE_MS = 100;
/** How long a gateway has given nothing back when what it holds counts as idle, and how long that is waited for. */
const STILL_MS = 60_000;
const MOST_MS = 300_000;
const LOOK_MS = 5000;
/** Less than this share of what it held before is a change. */
const SAME = 0.99;

const docker = new Docker();

/** Something in the gateway's container was killed for memory. */
export class Killed extends Error {
  /** The most that it held before. */
  readonly peakMb: number;

  constructor(peakMb: number) {
    super("something was killed for memory");
    this.peakMb = peakMb;
  }
}

class Ended extends Error {
  readonly code: number;

  constructor(code: number) {
    super(`the gateway has ended with code ${code}`);
    this.code = code;
  }
}

/** One that is not started again once it has ended: its control group, which counts what was killed, would be a new one. */
function withLimit(recipe: Recipe, limitMb: number): Recipe {
  const { NODE_OPTIONS } = gatewayEnvironment({ memoryMb: limitMb, proxyUrl: undefined });
  const { container } = withEnvironment(recipe, { NODE_OPTIONS });
  const HostConfig = {
    ...container.HostConfig,
    Memory: limitMb * MIB,
    MemorySwap: limitMb * MIB,
    RestartPolicy: { Name: "no" },
  };
  return { ...recipe, container: { ...container, HostConfig } };
}

/**
 * Whether the gateway, or another process in its container, was killed for memory.
 *
 * @throws where the gateway has ended for another reason
 */
async function wasKilled(id: string): Promise<boolean> {
  const { OOMKilled, Running, ExitCode } = (await docker.getContainer(id).inspect()).State;
  if (OOMKilled) return true;
  if (!Running) throw new Ended(ExitCode);
  const script =
    "cat /sys/fs/cgroup/memory/memory.oom_control 2>/dev/null || cat /sys/fs/cgroup/memory.events";
  const counts = await dockerCommand("exec", id, "sh", "-c", script);
  return Number(/^oom_kill (\d+)$/m.exec(counts)?.[1]) > 0;
}

/**
 * What the work gives, and the most that the gateway held meanwhile.
 *
 * @param work should end when its signal is aborted, because its result is discarded then
 * @throws Killed where something is killed
 */
export async function peakDuring<T>(
  id: string,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<{ result: T; peakMb: number }> {
  const over = new AbortController();
  let peakMb = 0;
  const watch = async (): Promise<never> => {
    while (!over.signal.aborted) {
      peakMb = Math.max(peakMb, await heldMb(id).catch(() => 0));
      const { State } = await docker.getContainer(id).inspect();
      if (!State.Running) throw new Ended(State.ExitCode);
      await sleep(SAMPLE_MS);
    }
    return new Promise<never>(() => undefined);
  };
  try {
    const result = await Promise.race([work(over.signal), watch()]);
    if (await wasKilled(id)) throw new Killed(peakMb);
    return { result, peakMb };
  } catch (error) {
    throw (await wasKilled(id)) ? new Killed(peakMb) : error;
  } finally {
    over.abort();
  }
}

/** What the gateway ends with when it refuses to start. */
const REFUSED = 78;
const ATTEMPTS = 5;

/**
 * Recreates the gateway without data, configured to use the model.
 *
 * @returns its container and the peak of its memory until it has started
 *
 * @throws Killed where it is killed for memory
 */
export async function startAnew(
  recipe: Recipe,
  model: Model,
  limitMb: number,
): Promise<{ id: string; startMb: number }> {
  for (let attempt = 1; ; attempt++) {
    const id = await replace(model.of(withLimit(recipe, limitMb)));
    try {
      return { id, startMb: (await peakDuring(id, () => untilStarted(recipe.address))).peakMb };
    } catch (error) {
      // On a machine so busy that a migration of its data takes too long, it refuses to start.
      if (attempt === ATTEMPTS || !(error instanceof Ended && error.code === REFUSED)) throw error;
    }
  }
}

/** What a gateway holds once it has been left alone for so long that it gives nothing more back. */
export async function settledMb(id: string): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  let stillMs = 0;
  for (let waitedMs = 0; stillMs < STILL_MS && waitedMs < MOST_MS; waitedMs += LOOK_MS) {
    await sleep(LOOK_MS);
    const held = await heldMb(id);
    stillMs = held < SAME * least ? 0 : stillMs + LOOK_MS;
    least = Math.min(least, held);
  }
  return least;
}
