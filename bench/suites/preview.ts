/** What an operator waits for most often: a preview of the real fleet that shows no change. */
import { createFleet } from "../support/fleet.ts";
import { hasPulumi } from "../support/machine.ts";
import { Samples, seconds } from "../support/samples.ts";
import type { Suite } from "../support/suite.ts";

const STACK = "bench-preview";
const WHAT = "No-change preview of the fleet with 2 agents, embedded engine";

export const preview: Suite = {
  name: "preview",
  stacks: [STACK],
  about: "no-change preview of the fleet program",
  async run({ repetitions, log }) {
    const samples = new Samples();
    const fleet = createFleet(STACK, ["alice", "bob"]);
    try {
      await fleet.embedded("up", "--yes");
      await fleet.embedded("preview", "--expect-no-changes");
      for (let round = 0; round < repetitions; round++) {
        log(`preview: round ${round + 1} of ${repetitions}`);
        samples.add("embedded", await seconds(() => fleet.embedded("preview", "--expect-no-changes")));
        if (!hasPulumi()) continue;
        samples.add("cli", await seconds(() => fleet.pulumi("preview", "--expect-no-changes")));
      }
    } finally {
      await fleet.remove();
    }
    const time = samples.of("embedded");
    return [
      { what: WHAT, time, target: { seconds: 1.5 } },
      {
        what: WHAT,
        time,
        against: { what: "Pulumi CLI, same program", time: samples.of("cli") },
        target: { ratio: 0.2 },
      },
    ];
  },
};
