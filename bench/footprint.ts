/**
 * `npm run footprint -- [IMAGE]`: what an image's gateway needs. It runs the real gateway in the fleet's own container, under
 * one memory limit after another; the numbers that it prints are those in `openclaw/footprint.ts`.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import Docker from "dockerode";
import { gatewayEnvironment } from "../openclaw/environment.ts";
import { table } from "../report/table.ts";
import { heldMb, type Recipe, recipesOf, start, untilStarted } from "../tests/support/gateway/recipes.ts";
import { createFleet } from "./support/fleet.ts";
import { sweep } from "./support/raw-docker.ts";

const STACK = "bench-footprint";
const MIB = 2 ** 20;
/** How long a gateway is watched after it has started; only what it uses then counts as idle. */
const SETTLE_MS = 90_000;
const SAMPLE_MS = 250;
const LIMITS = [384, 448, 512, 576, 640, 704, 768, 1024, 2048, 4096] as const;
/** As on a host: a few of the smallest default class. */
const TOGETHER = 4;
const TOGETHER_LIMIT = 1024;
/** Of the limit, at rest. Above it the next conversation is what kills it. */
const SPARE = 0.9;

const docker = new Docker();

interface Measured {
  readonly limitMb: number;
  readonly started: boolean;
  readonly peakMb: number;
  readonly idleMb: number;
}

const withLimit = (recipe: Recipe, limitMb: number): Recipe => ({
  ...recipe,
  container: {
    ...recipe.container,
    Config: {
      ...recipe.container.Config,
      Env: recipe.container.Config.Env.map((variable) =>
        variable.startsWith("NODE_OPTIONS=")
          ? `NODE_OPTIONS=${gatewayEnvironment({ memoryMb: limitMb, proxyUrl: undefined })["NODE_OPTIONS"]}`
          : variable,
      ),
    },
    HostConfig: { ...recipe.container.HostConfig, Memory: limitMb * MIB, MemorySwap: limitMb * MIB },
  },
});

async function measure(recipe: Recipe, limitMb: number): Promise<Measured> {
  const id = await start(withLimit(recipe, limitMb));
  const held: number[] = [];
  let started: boolean | undefined;
  const watch = async (): Promise<void> => {
    while (started === undefined) {
      held.push(await heldMb(id).catch(() => 0));
      await sleep(SAMPLE_MS);
    }
  };
  const killed = async (): Promise<boolean> => {
    const { State, RestartCount } = await docker.getContainer(id).inspect();
    return State.OOMKilled || RestartCount > 0 || !State.Running;
  };
  const watching = watch();
  const untilKilled = async (): Promise<boolean> => {
    while (started === undefined) {
      if (await killed()) return false;
      await sleep(SAMPLE_MS);
    }
    return true;
  };
  started = await Promise.race([
    untilStarted(recipe.address).then(
      () => true,
      () => false,
    ),
    untilKilled(),
  ]);
  await watching;
  const idle: number[] = [];
  if (started) {
    await sleep(SETTLE_MS);
    for (let sample = 0; sample < 5; sample++) {
      idle.push(await heldMb(id));
      await sleep(SAMPLE_MS);
    }
    started = !(await killed());
  }
  return { limitMb, started, peakMb: Math.max(...held, 0), idleMb: idle.toSorted((a, b) => a - b)[2] ?? 0 };
}

/** What one of several gateways on the same host holds at rest: they share the pages of their image. */
async function measureTogether(recipes: readonly Recipe[]): Promise<number> {
  const ids = await Promise.all(
    recipes.map(async (recipe) => {
      const id = await start(withLimit(recipe, TOGETHER_LIMIT));
      await untilStarted(recipe.address);
      return id;
    }),
  );
  await sleep(SETTLE_MS);
  const held = await Promise.all(ids.map(heldMb));
  return Math.round(held.reduce((sum, each) => sum + each, 0) / held.length);
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

async function main(): Promise<void> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      limits: { type: "string", default: LIMITS.join(",") },
      rounds: { type: "string", default: "3" },
    },
  });
  const [image] = positionals;
  const log = (line: string): void => void process.stderr.write(`${line}\n`);
  const agents = Array.from({ length: TOGETHER }, (_, index) => `agent-${index}`);
  const fleet = createFleet(STACK, agents, image === undefined ? {} : { image });
  try {
    await fleet.embedded("up", "--yes");
    const recipes = await recipesOf(STACK);
    const [recipe] = recipes;
    if (recipe === undefined) throw new Error("the fleet has no gateway");
    const rows: Measured[] = [];
    for (const limitMb of values.limits.split(",").map(Number)) {
      await sweep(STACK);
      log(`${recipe.container.Config.Image} with ${limitMb} MiB`);
      rows.push(await measure(recipe, limitMb));
    }
    const together: number[] = [];
    for (let round = 0; round < Number(values.rounds); round++) {
      await sweep(STACK);
      log(`${TOGETHER} of them together`);
      together.push(await measureTogether(recipes));
    }
    const text = rows.map(({ limitMb, started, peakMb, idleMb }) => [
      `${limitMb} MiB`,
      started ? "yes" : "no, killed",
      `${peakMb} MiB`,
      started ? `${idleMb} MiB (${Math.round((100 * idleMb) / limitMb)} %)` : "",
    ]);
    process.stdout.write(`${table([["Limit", "Starts", "Peak while starting", "Idle"], ...text])}\n`);
    process.stdout.write(
      `${TOGETHER} together, each idle: ${together.map((mb) => `${mb} MiB`).join(", ")}\n`,
    );
    const minimum = rows.find(({ limitMb, started, idleMb }) => started && idleMb <= SPARE * limitMb);
    const peak = Math.max(...rows.filter(({ started }) => started).map(({ peakMb }) => peakMb));
    process.stdout.write(
      `minimumMb: ${minimum?.limitMb}, idleMb: ${median(together)}, bootPeakMb: ${peak}\n`,
    );
  } finally {
    await fleet.remove();
  }
}

await main();
