import { NOT_FOUND, unlessStatus } from "docker-connection";
import { agentObject, LABELS } from "../../fleet/names.ts";
import { confirm } from "../confirm.ts";
import type { StackEngine, Terminal } from "../../workspace/engine.ts";
import { dockerOf, enginesOf, readFleet } from "../../operations/fleet-config.ts";
import type { Project } from "../../workspace/project.ts";
import { UserError } from "../../workspace/user-error.ts";

/** Deletes the data that a removed agent has left behind, on every host of the fleet. */
export async function purgeCommand(
  project: Project,
  engine: StackEngine,
  name: string,
  options: { readonly yes: boolean },
  { print }: Terminal,
): Promise<boolean> {
  const fleet = readFleet(project);
  const outputs = await engine.outputs();
  if (outputs?.fleet.agents[name] !== undefined) {
    throw new UserError(`Agent ${name} is still in the fleet. Remove its entry and run: npm run up`);
  }
  const volumeName = agentObject(project.stack, name);
  let found = 0;
  for (const [host, engine] of enginesOf(fleet, outputs?.fleet)) {
    const volume = dockerOf(engine).getVolume(volumeName);
    const info = await unlessStatus([NOT_FOUND], () => volume.inspect());
    if (info === undefined) continue;
    if (info.Labels?.[LABELS.stack] !== project.stack || info.Labels[LABELS.agent] !== name) {
      throw new UserError(
        `Volume ${volumeName} on ${host} does not carry this fleet's labels; it is left alone.`,
      );
    }
    found++;
    if (!options.yes) await confirm(`Delete all data of ${name} on ${host} (volume ${volumeName}) for good?`);
    await volume.remove();
    print(`${name}: volume ${volumeName} on ${host} is deleted.`);
  }
  if (found === 0) print(`There is no data of ${name} on ${Object.keys(fleet.hosts).join(", ")}.`);
  return true;
}
