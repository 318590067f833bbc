/** An update that is interrupted finishes what it has begun, and the next one changes nothing of it. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ensureTestImages, STAND_IN } from "../support/gateway/stand-in.ts";
import { identityOf, objectsOf, removeObjects } from "../support/hosts/objects.ts";
import { sampled } from "../support/long.ts";
import { createProject, lane, type TestProject } from "../support/project/project.ts";

const STACK = "e2e-interrupted";
const LINES = Array.from({ length: 20 }, (_, index) => index + 1);
const AGENTS = { alice: {}, bob: {}, carol: {} };

let project: TestProject;

beforeAll(async () => {
  await ensureTestImages();
  await removeObjects(STACK);
});
afterAll(async () => {
  await removeObjects(STACK);
  project?.remove();
});

const run = (command: string, ...args: readonly string[]) =>
  project.run(command, ...args, "--engine", "embedded");

/** Runs `up` in a process group of its own and, as a terminal would, signals the whole group after so many lines of output. */
async function interruptedUp(lines: number, signal: NodeJS.Signals): Promise<string> {
  const args = ["up", "--stack", STACK, "--yes", "--engine", "embedded"];
  const child = spawn(process.execPath, [join(project.folder, "cli/main.ts"), ...args], {
    cwd: project.folder,
    env: project.environment,
    detached: true,
    stdio: ["ignore", "ignore", "pipe"],
  });
  let printed = "";
  let isSent = false;
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    printed += text;
    if (isSent || printed.split("\n").length <= lines || child.pid === undefined) return;
    isSent = true;
    process.kill(-child.pid, signal);
  });
  await once(child, "close");
  return printed;
}

/** After a quarter of the interruptions, of which a short run tries two. */
const losesState = (lines: number): boolean => lines % 4 === 3;

function loseState(): void {
  for (const suffix of ["", ".bak", ".attrs"]) {
    rmSync(join(project.folder, `state/.pulumi/stacks/agent-fleet/${STACK}.json${suffix}`), { force: true });
  }
}

const identities = async (): Promise<Record<string, object>> => {
  const { containers } = await objectsOf(STACK);
  return Object.fromEntries(
    await Promise.all(containers.map(async (name) => [name, await identityOf(name)])),
  );
};

describe("an update that is interrupted", () => {
  it.each(sampled(LINES, 6))(
    "after %i lines is completed by the next, which replaces nothing, even if the state is lost meanwhile",
    async (lines) => {
      project = createProject(STACK);
      project.configure({ domain: "i.localhost", image: STAND_IN, ...lane(36), agents: AGENTS });
      const printed = await interruptedUp(lines, lines % 2 === 0 ? "SIGTERM" : "SIGINT");
      expect(printed).not.toContain("error:");
      const made = await identities();
      const { stdout } = await run("outputs", "--json");
      const known = stdout === "" ? {} : (JSON.parse(stdout) as { fleet: { agents: object } }).fleet.agents;
      // Whatever runs can be logged in to.
      for (const agent of Object.keys(AGENTS)) {
        if (made[`fleet.${STACK}.${agent}`] !== undefined) expect(known).toHaveProperty(agent);
      }
      if (losesState(lines)) {
        loseState();
        // It needs no engine, and has no option for one.
        expect(await project.run("adopt", "--yes")).toMatchObject({ code: 0 });
      }
      const { code, stderr } = await run("up", "--yes");
      expect({ code, stderr }).toMatchObject({ code: 0 });
      const after = await identities();
      // A loader is run again for a configuration that has changed.
      const isLasting = ([name]: readonly [string, object]): boolean => !name.endsWith("_config");
      expect(after).toMatchObject(Object.fromEntries(Object.entries(made).filter(isLasting)));
      expect((await run("preview", "--expect-no-changes")).code).toBe(0);
      await run("destroy", "--yes");
      await removeObjects(STACK);
      project.remove();
    },
  );
});
