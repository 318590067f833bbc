/** Whether the engine's own work grows no faster than the stack. */
import type { Row } from "../support/row.ts";
import { Samples, seconds } from "../support/samples.ts";
import type { Suite } from "../support/suite.ts";
import { type Program, Workspace } from "../support/workspace.ts";

const FEW = 100;
const MANY = 500;
const SIZES = [0, FEW, MANY];
const OPERATIONS = {
  create: "created",
  same: "brought up again, nothing changed",
  destroy: "destroyed",
} as const;
type OperationName = keyof typeof OPERATIONS;

export const scaling: Suite = {
  name: "scaling",
  stacks: [],
  about: "resources that cost their provider nothing: the engine's own work",
  async run({ repetitions, log }) {
    const workspace = new Workspace();
    const samples = new Samples();
    try {
      const programs = SIZES.map((size) => ({ size, program: workspace.program("values", `bench-${size}`) }));
      for (const { size, program } of programs) program.resize(size);
      await oneRound(programs, new Samples());
      for (let round = 0; round < repetitions; round++) {
        log(`scaling: round ${round + 1} of ${repetitions}`);
        await oneRound(programs, samples);
      }
    } finally {
      workspace.remove();
    }
    return (Object.keys(OPERATIONS) as OperationName[]).map((operation) => rowOf(operation, samples));
  },
};

async function oneRound(
  programs: readonly { size: number; program: Program }[],
  samples: Samples,
): Promise<void> {
  for (const { size, program } of programs) {
    samples.add(`create ${size}`, await seconds(() => program.embedded("up")));
    samples.add(`same ${size}`, await seconds(() => program.embedded("up")));
    samples.add(`destroy ${size}`, await seconds(() => program.embedded("destroy")));
    program.forget();
  }
}

const rowOf = (operation: OperationName, samples: Samples): Row => ({
  what: `${MANY} resources ${OPERATIONS[operation]}, embedded engine`,
  time: samples.of(`${operation} ${MANY}`),
  against: { what: `${FEW} resources`, time: samples.of(`${operation} ${FEW}`) },
  // Starting two processes takes longer than a hundred resources do and would make any growth look small.
  without: samples.of(`${operation} 0`),
  target: { ratio: 5.5 },
});
