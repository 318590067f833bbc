/** The fleet as its stack file describes it, checked before anything is changed. */
import type { Fleet } from "../fleet/config/fleet.ts";
import { parseStack, type StackSource } from "../fleet/config/parse.ts";
import { readSealed } from "../fleet/config/sealed-secrets.ts";
import { ownKeys } from "../fleet/config/stack-keys.ts";
import { machineDaemon } from "../stacks/machine-daemon.ts";
import { OperatorError } from "../system/operator-error.ts";
import type { EngineName } from "../workspace/engine.ts";
import type { Project } from "../workspace/project.ts";
import { readStackFile } from "../workspace/stack-file.ts";

const sourceOf = ({ stackFile, name }: Project): StackSource => {
  const { config } = readStackFile(stackFile, name);
  return {
    keys: ownKeys(Object.keys(config)),
    fleet: config[`${name}:fleet`],
    secrets: config[`${name}:secrets`],
    daemon: machineDaemon(),
  };
};

/** For what needs no secrets: they are not checked. @throws FleetError with every problem at once */
export function readFleet(project: Project): Fleet {
  const { secrets: _, ...source } = sourceOf(project);
  return parseStack(source).fleet;
}

/** For what comes before an update: as much as the program would refuse. @throws FleetError with every problem at once */
export function readCheckedFleet(project: Project): Fleet {
  const source = sourceOf(project);
  const { secrets, problems } = readSealed(source.secrets);
  return parseStack({ ...source, secrets }, problems).fleet;
}

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
