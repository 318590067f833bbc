/** The CPU time of idle agents. */
import { setTimeout as sleep } from "node:timers/promises";
import { type Recipe, recipesOf, startRaw } from "../../tests/support/gateway/recipes.ts";
import { cpuShare } from "../support/cpu.ts";
import { createFleet } from "../support/fleet.ts";
import { sweep } from "../support/raw-docker.ts";
import { Samples } from "../support/samples.ts";
import type { Suite } from "../support/suite.ts";

const STACK = "bench-idle";
/** A gateway is busy with itself for a while after it has started. */
const SETTLE_SECONDS = 90;
const MEASURED_SECONDS = 60;

const withoutCheck = ({ container, ...rest }: Recipe): Recipe => ({
  ...rest,
  container: { ...container, Config: { ...container.Config, Healthcheck: { Test: ["NONE"] } } },
});

async function measure(
  ids: readonly string[],
  repetitions: number,
  add: (seconds: number) => void,
): Promise<void> {
  await sleep(SETTLE_SECONDS * 1000);
  for (let round = 0; round < repetitions; round++) add(await cpuShare(ids, MEASURED_SECONDS));
}

export const idle: Suite = {
  name: "idle",
  stacks: [STACK],
  about: "CPU time of an idle agent, with what its container, its shim and the daemon take",
  async run({ repetitions, gateways: count, log }) {
    const samples = new Samples();
    const names = Array.from({ length: count }, (_, index) => `agent-${index}`);
    const fleet = createFleet(STACK, names);
    try {
      await fleet.embedded("up", "--yes");
      const recipes = await recipesOf(STACK);
      log("idle: the fleet's agents");
      const ids = recipes.map(({ container }) => container.Id);
      await measure(ids, repetitions, (each) => samples.add("fleet", each));
      await fleet.clear();
      log("idle: the same gateways without any check");
      const raw = await startRaw(recipes.map(withoutCheck));
      await measure(raw, repetitions, (each) => samples.add("raw", each));
      await sweep(STACK);
    } finally {
      await fleet.remove();
    }
    const what = `CPU time of an idle agent in ${MEASURED_SECONDS} s, all in`;
    return [
      { what, time: samples.of("fleet"), target: { seconds: 0.025 * MEASURED_SECONDS } },
      {
        what,
        time: samples.of("fleet"),
        against: { what: "the same gateways by raw Docker, without any check", time: samples.of("raw") },
      },
    ];
  },
};
