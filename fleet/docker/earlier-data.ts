/** New agents that begin with the data of an earlier agent of their name. */
import type { Registry } from "../registry.ts";
import type { HostObservation } from "./inventory.ts";
import type { DockerAgentPlan } from "./types.ts";

/** A volume outlives its agent's entry, so a new agent of the same name gets it: files, sessions and credentials. */
export function earlierData(
  agents: readonly DockerAgentPlan[],
  { agents: known }: Registry,
  observations: ReadonlyMap<string, HostObservation>,
): string[] {
  return agents
    .filter(({ name, host, volume }) => {
      const isNew = known.get(name)?.host !== host;
      return isNew && observations.get(host)?.inventory?.volumes.some((each) => each.name === volume);
    })
    .map(
      ({ name, host, volume }) =>
        `${name} begins with the data of an earlier ${name}: volume ${volume} exists on ${host}. Is it another tenant? Remove the entry, purge the data with npm run purge -- ${name}, and add it again.`,
    );
}
