/**
 * A run that is killed at any step boundary is finished by the next: converged, nothing left over, no agent moved.
 *
 * Three runs are tried: creating three agents, adding a fourth, removing it again. Under `npm run test:long` at every
 * boundary, otherwise at some of them.
 */
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ensureTestImages, STAND_IN } from "../support/gateway/stand-in.ts";
import { type Objects, objectsOf, removeObjects } from "../support/hosts/objects.ts";
import { IS_LONG } from "../support/long.ts";
import { createProject, lane, runCommand, type TestProject } from "../support/project/project.ts";

/** The distance between two boundaries that are tried. */
const STEP = IS_LONG ? 1 : 7;

/** Stacks that are tried in parallel: most of the time is spent waiting for health checks. */
const LANES = 6;

const THREE = ["ann", "ben", "cas"];
/** The new agent is first by name, and still has to take the free slot. */
const FOUR = ["aaa", ...THREE];
const SLOTS = { ann: 0, ben: 1, cas: 2 };

const projects: TestProject[] = [];

const configure = (project: TestProject, index: number, agents: readonly string[]): void =>
  project.configure({
    domain: "killed.localhost",
    image: STAND_IN,
    ...lane(index),
    agents: Object.fromEntries(agents.map((name) => [name, {}])),
  });

/** Undefined where the process was killed. */
async function engine(project: TestProject, ...args: readonly string[]): Promise<unknown> {
  const script = join(project.folder, "tests/support/project/engine-process.ts");
  const { stdout, stderr } = await runCommand(process.execPath, [script, project.stack, ...args], {
    cwd: project.folder,
    env: project.environment,
  });
  if (stderr !== "") throw new Error(stderr);
  return stdout === "" ? undefined : JSON.parse(stdout);
}

/** Whether the run had as many boundaries as that. */
async function kill(project: TestProject, boundary: number): Promise<boolean> {
  const result = await engine(project, "kill", String(boundary));
  if (result !== undefined) expect(result).toEqual({ succeeded: true, errors: [] });
  return result === undefined;
}

const expected = (stack: string, agents: readonly string[], data: readonly string[]): Objects => {
  const services = ["egress_proxy", "ingress"].map((service) => `fleet.${stack}.host_${service}`);
  const own = agents.map((name) => `fleet.${stack}.${name}`);
  return {
    containers: [...own, ...services, ...services.map((service) => `${service}_config`)].toSorted(),
    networks: own.toSorted(),
    volumes: [...data.map((name) => `fleet.${stack}.${name}`), ...services].toSorted(),
  };
};

async function expectConverged(
  project: TestProject,
  wanted: { agents: readonly string[]; data: readonly string[]; slots: object },
): Promise<void> {
  const { agents, data, slots } = wanted;
  expect(await engine(project, "converge")).toEqual({ errors: [], changes: [], slots });
  expect(await objectsOf(project.stack)).toEqual(expected(project.stack, agents, data));
}

/** Hands out the boundaries to the lanes until one is past the end of the run; returns how many were not. */
async function eachBoundary(
  attempt: (project: TestProject, index: number, boundary: number) => Promise<boolean>,
): Promise<number> {
  let next = 1;
  let isDone = false;
  let killed = 0;
  const lanes = projects.map(async (project, index) => {
    try {
      while (!isDone) {
        const boundary = next;
        next += STEP;
        try {
          if (await attempt(project, index, boundary)) killed++;
          else isDone = true;
        } catch (error) {
          throw new Error(`killed at step boundary ${boundary}`, { cause: error });
        }
      }
    } finally {
      isDone = true;
    }
  });
  // All are waited for, also when one has failed: the clean-up must not run under the others.
  for (const result of await Promise.allSettled(lanes)) if (result.status === "rejected") throw result.reason;
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
  it("while it creates three agents is finished by the next run, at step boundaries", async () => {
    const killed = await eachBoundary(async (project, index, boundary) => {
      configure(project, index, THREE);
      const wasKilled = await kill(project, boundary);
      await expectConverged(project, { agents: THREE, data: THREE, slots: SLOTS });
      expect(await engine(project, "destroy")).toEqual({ errors: [] });
      await removeObjects(project.stack);
      return wasKilled;
    });
    expect(killed).toBeGreaterThanOrEqual(Math.floor(30 / STEP));
  });

  it("while it adds or removes an agent moves no other, at step boundaries", async () => {
    for (const [index, project] of projects.entries()) configure(project, index, THREE);
    await Promise.all(
      projects.map((project) => expectConverged(project, { agents: THREE, data: THREE, slots: SLOTS })),
    );
    const killed = await eachBoundary(async (project, index, boundary) => {
      configure(project, index, FOUR);
      const wasAddKilled = await kill(project, boundary);
      await expectConverged(project, { agents: FOUR, data: FOUR, slots: { ...SLOTS, aaa: 3 } });
      configure(project, index, THREE);
      const wasRemoveKilled = await kill(project, boundary);
      await expectConverged(project, { agents: THREE, data: FOUR, slots: SLOTS });
      return wasAddKilled || wasRemoveKilled;
    });
    expect(killed).toBeGreaterThanOrEqual(Math.floor(10 / STEP));
  });
});
