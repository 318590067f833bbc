/** Real gateways, from nothing to healthy. */

import { recipesOf, startRaw } from "../../tests/support/gateway/recipes.ts";
import { createFleet } from "../support/fleet.ts";
import { sweep } from "../support/raw-docker.ts";
import { Samples, seconds } from "../support/samples.ts";
import type { Suite } from "../support/suite.ts";

const STACK = "bench-gateways";

export const gateways: Suite = {
  name: "gateways",
  stacks: [STACK],
  about: "real gateways with both host services, from nothing to all healthy",
  async run({ repetitions, gateways: count, log }) {
    const samples = new Samples();
    const names = Array.from({ length: count }, (_, index) => `agent-${index}`);
    const fleet = createFleet(STACK, names);
    try {
      for (let round = 0; round < repetitions; round++) {
        log(`gateways: round ${round + 1} of ${repetitions}`);
        samples.add("fleet", await seconds(() => fleet.embedded("up", "--yes")));
        const recipes = await recipesOf(STACK);
        if (recipes.length !== count) throw new Error(`${recipes.length} gateways run instead of ${count}`);
        await fleet.clear();
        samples.add("raw", await seconds(() => startRaw(recipes)));
        await sweep(STACK);
      }
    } finally {
      await fleet.remove();
    }
    return [
      {
        what: `${count} gateways and both host services up and healthy, \`npm run up\`, embedded engine`,
        time: samples.of("fleet"),
        against: { what: "the same containers by raw Docker, no host services", time: samples.of("raw") },
        target: { ratio: 1.15 },
      },
    ];
  },
};
