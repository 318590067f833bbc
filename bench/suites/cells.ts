/** The same cells by every contender: created, previewed, one added, removed. */
import { cellsOf } from "../programs/cell.ts";
import { hasPulumi } from "../support/machine.ts";
import { createCells, profileOf, removeCells, sweep } from "../support/raw-docker.ts";
import type { Row } from "../support/row.ts";
import { Samples, seconds } from "../support/samples.ts";
import type { Settings, Suite } from "../support/suite.ts";
import { type Program, Workspace } from "../support/workspace.ts";

const RAW = "bench-raw";
const EMBEDDED = "bench-embedded";
const FLAT = "bench-flat";
const COMPONENTS = "bench-components";

const STACKS = [RAW, EMBEDDED, FLAT, COMPONENTS];

export const cells: Suite = {
  name: "cells",
  stacks: STACKS,
  about:
    "hardened cells (network, volume, container that sleeps), by raw Docker, the embedded engine and the CLI",
  async run(settings) {
    const workspace = new Workspace();
    const samples = new Samples();
    try {
      // So that no contender pays for compiling the program, which happens once per machine.
      const program = workspace.program("cells", EMBEDDED);
      program.resize(0);
      await program.embedded("up");
      await program.embedded("preview");
      for (let round = 0; round < settings.repetitions; round++) {
        settings.log(`cells: round ${round + 1} of ${settings.repetitions}`);
        const expected = await rawRound(settings, samples);
        await embeddedRound(settings, samples, program, expected);
        if (!hasPulumi()) continue;
        await flatRound(settings, samples, workspace, expected);
        await componentsRound(settings, samples, workspace, expected);
      }
    } finally {
      for (const stack of STACKS) await sweep(stack);
      workspace.remove();
    }
    return rowsOf(settings.cells, samples);
  },
};

async function rawRound({ cells: count }: Settings, samples: Samples): Promise<string> {
  const created = cellsOf(RAW, count);
  samples.add("raw create", await seconds(() => createCells(created)));
  const profile = await profileOf(RAW, count);
  samples.add("raw destroy", await seconds(() => removeCells(created)));
  return profile;
}

async function requireProfile(stack: string, count: number, expected: string): Promise<void> {
  const profile = await profileOf(stack, count);
  if (profile !== expected) throw new Error(`${stack} has created other cells:\n${profile}\n${expected}`);
}

async function embeddedRound(
  { cells: count }: Settings,
  samples: Samples,
  program: Program,
  expected: string,
): Promise<void> {
  program.forget();
  program.resize(count);
  samples.add("embedded create", await seconds(() => program.embedded("up")));
  await requireProfile(EMBEDDED, count, expected);
  samples.add("embedded preview", await seconds(() => program.embedded("preview")));
  program.resize(count + 1);
  samples.add("embedded add", await seconds(() => program.embedded("up")));
  await requireProfile(EMBEDDED, count + 1, expected);
  program.resize(count);
  await program.embedded("up");
  samples.add("embedded destroy", await seconds(() => program.embedded("destroy")));
  program.resize(0);
  await program.embedded("up");
  samples.add("nothing preview", await seconds(() => program.embedded("preview")));
}

const UP = ["up", "--yes", "--skip-preview"];

async function flatRound(
  { cells: count }: Settings,
  samples: Samples,
  workspace: Workspace,
  expected: string,
): Promise<void> {
  const program = workspace.program("cells", FLAT);
  program.resize(count);
  program.forget();
  await program.pulumi("stack", "select", "--create");
  samples.add("flat create", await seconds(() => program.pulumi(...UP)));
  await requireProfile(FLAT, count, expected);
  samples.add("flat preview", await seconds(() => program.pulumi("preview", "--expect-no-changes")));
  samples.add("flat destroy", await seconds(() => program.pulumi("destroy", "--yes", "--skip-preview")));
}

async function componentsRound(
  { cells: count }: Settings,
  samples: Samples,
  workspace: Workspace,
  expected: string,
): Promise<void> {
  const program = workspace.program("components", COMPONENTS);
  program.resize(count);
  program.forget();
  await program.pulumi("stack", "select", "--create");
  samples.add("components create", await seconds(() => program.pulumi(...UP)));
  await requireProfile(COMPONENTS, count, expected);
  // Removing them takes as long as with the flat program, which is measured there.
  await sweep(COMPONENTS);
}

function rowsOf(count: number, samples: Samples): Row[] {
  const against = (what: string, name: string) => ({ what, time: samples.of(name) });
  return [
    {
      what: `${count} cells created, embedded engine`,
      time: samples.of("embedded create"),
      against: against("raw docker, 8 at a time", "raw create"),
      target: { ratio: 1.3 },
    },
    {
      what: `${count} cells created, embedded engine`,
      time: samples.of("embedded create"),
      against: against("Pulumi CLI, same program", "flat create"),
    },
    {
      what: "No-change preview of them, embedded engine",
      time: samples.of("embedded preview"),
      target: { seconds: 1.5 },
    },
    {
      what: "No-change preview of them, embedded engine",
      time: samples.of("embedded preview"),
      against: against("the same program without a cell", "nothing preview"),
      target: { ratio: 1.25, extraSeconds: 0.15 },
    },
    {
      what: "No-change preview of them, embedded engine",
      time: samples.of("embedded preview"),
      against: against("Pulumi CLI, same program", "flat preview"),
      target: { ratio: 0.2 },
    },
    {
      what: `Cell number ${count + 1} added, embedded engine`,
      time: samples.of("embedded add"),
      target: { seconds: 2 },
    },
    {
      what: `${count} cells created by the CLI, a component each`,
      time: samples.of("components create"),
      against: against("Pulumi CLI, flat program", "flat create"),
      target: { ratio: 1.1 },
    },
    {
      what: `${count} cells destroyed, embedded engine`,
      time: samples.of("embedded destroy"),
      against: against("raw docker, 8 at a time", "raw destroy"),
    },
    {
      what: `${count} cells destroyed, embedded engine`,
      time: samples.of("embedded destroy"),
      against: against("Pulumi CLI, same program", "flat destroy"),
    },
  ];
}
