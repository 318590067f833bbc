import type { DockerEngine } from "../../fleet/hosts/connection.ts";
import { table } from "../../report/table.ts";
import type { StackEngine, Terminal } from "../../workspace/engine.ts";
import { dockerOf, enginesOf, isRented, readFleet } from "../../operations/fleet-config.ts";
import type { Project } from "../../workspace/project.ts";

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
 * @param openEngine who knows where rented servers are; opened only for those
 * @param withinMs for all of them together, because they are asked at once
 * @returns true where every host that can be asked answers
 */
export async function probeCommand(
  project: Project,
  openEngine: () => StackEngine,
  { print, log }: Terminal,
  withinMs = WITHIN_MS,
): Promise<boolean> {
  const fleet = readFleet(project);
  // Where rented servers are stands only in what the last run put out.
  const made = isRented(fleet) ? await openEngine().outputs() : undefined;
  const engines = enginesOf(fleet, made?.fleet);
  const answers = await Promise.all(
    [...engines].map(async ([name, engine]) => {
      return { name, address: engine.address, problem: await ask(engine, withinMs) };
    }),
  );
  print(
    table([
      ["HOST", "ENGINE", "STATE"],
      ...answers.map(({ name, address, problem }) => [
        name,
        address,
        problem === undefined ? "answers" : `does not answer: ${problem}`,
      ]),
    ]),
  );
  const silent = answers.filter(({ problem }) => problem !== undefined).map(({ name }) => name);
  if (silent.length > 0) log(`No answer from ${silent.join(", ")}.`);
  return silent.length === 0;
}
