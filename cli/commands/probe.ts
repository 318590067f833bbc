import type { DockerEngine } from "../../fleet/engines.ts";
import { table } from "../../fleet/render/table.ts";
import type { Terminal } from "../engine.ts";
import { dockerOf, enginesOf, readFleet } from "../fleet-config.ts";
import type { Project } from "../project.ts";

const WITHIN_MS = 20_000;

/** What the library takes and its types leave out. */
interface Pinged {
  ping(options: { readonly abortSignal: AbortSignal }): Promise<unknown>;
}

/** Undefined where the engine answers; otherwise why it does not. */
async function ask(engine: DockerEngine, withinMs: number): Promise<string | undefined> {
  const late = AbortSignal.timeout(withinMs);
  try {
    await (dockerOf(engine) as Pinged).ping({ abortSignal: late });
    return undefined;
  } catch (error) {
    if (late.aborted) return `no answer within ${withinMs / 1000} s`;
    return ((error as Error).message || String((error as NodeJS.ErrnoException).code)).replace(/\s+/g, " ");
  }
}

/**
 * Asks every host's Docker engine whether it is there: a refresh over a dead link would take its networks for gone.
 *
 * @param withinMs for all of them together, because they are asked at once
 * @returns true where every host that can be asked answers
 */
export async function probeCommand(
  project: Project,
  { print, log }: Terminal,
  withinMs = WITHIN_MS,
): Promise<boolean> {
  const fleet = readFleet(project);
  const engines = enginesOf(fleet);
  const answers = await Promise.all(
    [...engines].map(async ([name, engine]) => {
      return { name, address: engine.address, problem: await ask(engine, withinMs) };
    }),
  );
  const groups = Object.keys(fleet.hosts).filter((name) => !engines.has(name));
  print(
    table([
      ["HOST", "ENGINE", "STATE"],
      ...answers.map(({ name, address, problem }) => [
        name,
        address,
        problem === undefined ? "answers" : `does not answer: ${problem}`,
      ]),
      ...groups.map((name) => [name, "-", "not asked: where its servers are is not in the configuration"]),
    ]),
  );
  const silent = answers.filter(({ problem }) => problem !== undefined).map(({ name }) => name);
  if (silent.length > 0) log(`No answer from ${silent.join(", ")}.`);
  return silent.length === 0;
}
