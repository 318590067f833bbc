/** The fleet as its stack file describes it, checked before anything is changed. */
import type { Fleet } from "../fleet/config/fleet.ts";
import { parseFleet } from "../fleet/config/parse.ts";
import { OperatorError } from "../system/operator-error.ts";
import type { EngineName } from "../workspace/engine.ts";
import type { Project } from "../workspace/project.ts";
import { readStackFile } from "../workspace/stack-file.ts";

/** @throws FleetError with every problem at once */
export const readFleet = (project: Project): Fleet =>
  parseFleet(readStackFile(project.stackFile, project.name).config[`${project.name}:fleet`]);

/**
 * Only the Pulumi CLI has providers for clouds; the embedded engine would fail half-way.
 *
 * @throws OperatorError
 */
export function requireProviders({ hosts, settings: { dns } }: Fleet, engine: EngineName): void {
  if (engine === "pulumi") return;
  const reasons = [
    ...[...hosts.values()].flatMap(({ name, provisions }) =>
      provisions === undefined ? [] : [`hosts.${name} creates ${provisions}`],
    ),
    ...(dns.kind === "cloudflare" ? ["dns.kind is cloudflare"] : []),
  ];
  if (reasons.length > 0) {
    throw new OperatorError(
      `This fleet needs the Pulumi CLI, because ${reasons.join(" and ")}. Install it and make sure it is on PATH; previews and plans work without it.`,
    );
  }
}

export const hasCloudServers = ({ hosts }: Fleet): boolean =>
  [...hosts.values()].some(({ provisions }) => provisions !== undefined);
