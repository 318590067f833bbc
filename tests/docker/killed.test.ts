/**
 * A run that is killed at any step boundary is finished by the next: converged, nothing left over, nobody moved.
 *
 * Every boundary of three runs is tried: creating three agents, adding a fourth, removing it again.
 */
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Objects, objectsOf, removeObjects } from "../support/objects.ts";
import { createProject, lane, runCommand, type TestProject } from "../support/project.ts";
import { ensureTestImages, STAND_IN } from "../support/stand-in.ts";

/** Stacks that are tried beside each other: most of the time is spent waiting for health checks. */
const LANES = 6;

const THREE = ["ann", "ben", "cas"];
const FOUR = [...THREE, "aaa"];

const projects: TestProject[] = [];

const configure = (project: TestProject, index: number, agents: readonly string[]): void =>
  project.configure({
    domain: "killed.localhost",
    image: STAND_IN,
    ...lane(index),
    agents: Object.fromEntries(agents.map((name) => [name, {}])),
  });

/** The number of boundaries that an undisturbed run has, where the run was not killed. */
async function killedUp(project: TestProject, boundary: number): Promise<number | undefined> {
  const script = join(project.folder, "tests/support/killed-up.ts");
  const { stdout, stderr, code } = await runCommand(
    process.execPath,
    [script, project.stack, String(boundary)],
    {
      cwd: project.folder,
      env: project.environment,
    },
  );
  if (stdout === "") {
    if (code !== 1 || stderr !== "") throw new Error(`The run did not end by its kill: ${stderr}`);
    return undefined;
  }
  const result = JSON.parse(stdout) as { boundaries: number; succeeded: boolean; errors: string[] };
  expect(result).toMatchObject({ succeeded: true, errors: [] });
  return result.boundaries;
}

const expected = (stack: string, agents: readonly string[], data: readonly string[]): Objects => {
  const doors = ["back_door", "front_door"].map((door) => `fleet.${stack}.${door}`);
  const own = agents.map((name) => `fleet.${stack}.${name}`);
  return {
    containers: [...own, ...doors, ...doors.map((door) => `${door}_config`)].toSorted(),
    networks: own.toSorted(),
    volumes: [...data.map((name) => `fleet.${stack}.${name}`), ...doors].toSorted(),
  };
};

async function slotsOf(project: TestProject): Promise<Record<string, number>> {
  const { stdout } = await project.run("outputs", "--engine", "embedded", "--json");
  const { fleet } = JSON.parse(stdout) as { fleet: { agents: Record<string, { slot: number }> } };
  return Object.fromEntries(Object.entries(fleet.agents).map(([name, { slot }]) => [name, slot]));
}

async function expectConverged(
  project: TestProject,
  agents: readonly string[],
  data: readonly string[],
): Promise<void> {
  const up = await project.run("up", "--engine", "embedded", "--yes");
  expect(up.code, up.stderr).toBe(0);
  const preview = await project.run("preview", "--engine", "embedded", "--expect-no-changes");
  expect(preview.code, preview.stdout).toBe(0);
  expect(await objectsOf(project.stack)).toEqual(expected(project.stack, agents, data));
}

/** Hands out the boundaries to the lanes until one lies past the end of the run. */
async function eachBoundary(
  attempt: (project: TestProject, index: number, boundary: number) => Promise<boolean>,
): Promise<number> {
  let next = 1;
  let isDone = false;
  let killed = 0;
  const lanes = projects.map(async (project, index) => {
    try {
      while (!isDone) {
        if (await attempt(project, index, next++)) killed++;
        else isDone = true;
      }
    } finally {
      isDone = true;
    }
  });
  // All are waited for, also when one has failed: the clean-up must not run under the others.
  for (const lane of await Promise.allSettled(lanes)) if (lane.status === "rejected") throw lane.reason;
  return killed;
}

beforeAll(async () => {
  await ensureTestImages();
  for (let index = 0; index < LANES; index++) projects.push(createProject(`killed${index}`));
  for (const { stack } of projects) await removeObjects(stack);
});

afterAll(async () => {
  for (const project of projects) {
    await removeObjects(project.stack);
    project.remove();
  }
});

describe("an up that is killed", () => {
  it("while it creates three agents is finished by the next, at every step boundary", async () => {
    const killed = await eachBoundary(async (project, index, boundary) => {
      configure(project, index, THREE);
      const boundaries = await killedUp(project, boundary);
      await expectConverged(project, THREE, THREE);
      expect(await slotsOf(project)).toEqual({ ann: 0, ben: 1, cas: 2 });
      const destroyed = await project.run("destroy", "--engine", "embedded", "--yes");
      expect(destroyed.code, destroyed.stderr).toBe(0);
      await removeObjects(project.stack);
      return boundaries === undefined;
    });
    expect(killed).toBeGreaterThanOrEqual(30);
  });

  it("while it adds or removes an agent moves nobody, at every step boundary", async () => {
    await Promise.all(
      projects.map(async (project, index) => {
        configure(project, index, THREE);
        await expectConverged(project, THREE, THREE);
      }),
    );
    const killed = await eachBoundary(async (project, index, boundary) => {
      configure(project, index, FOUR);
      const isAddKilled = (await killedUp(project, boundary)) === undefined;
      await expectConverged(project, FOUR, FOUR);
      // The newcomer comes first by name and still takes the slot that is free.
      expect(await slotsOf(project)).toEqual({ ann: 0, ben: 1, cas: 2, aaa: 3 });
      configure(project, index, THREE);
      const isRemoveKilled = (await killedUp(project, boundary)) === undefined;
      await expectConverged(project, THREE, FOUR);
      expect(await slotsOf(project)).toEqual({ ann: 0, ben: 1, cas: 2 });
      return isAddKilled || isRemoveKilled;
    });
    expect(killed).toBeGreaterThanOrEqual(10);
  });
});
