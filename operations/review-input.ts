/** What a pull request is compared with: the stack's state or, if it cannot be read, the base branch's configuration. */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { FleetError } from "../fleet/config/problem.ts";
import { type Difference, differencesOf } from "../fleet/differences.ts";
import { type FleetPlan, planFleet } from "../fleet/plan-fleet.ts";
import { EMPTY_REGISTRY, type Registry } from "../fleet/registry.ts";
import type { Before } from "../report/comment.ts";
import { CATALOGUE } from "../stacks/catalogue.ts";
import type { StackState } from "../stacks/state.ts";
import { isRecord } from "../system/guards.ts";
import { OperatorError } from "../system/operator-error.ts";
import type { Log } from "../system/terminal.ts";
import { fileBackend, type Project } from "../workspace/project.ts";
import { readStackFile } from "../workspace/stack-file.ts";
import { readFleet } from "./fleet-config.ts";
import { readExport, type StackExport, stateOfExport, stateOfStack } from "./plan-input.ts";

export interface ReviewSources {
  /** The base branch's stack file. */
  readonly base?: string;
  /** What `pulumi stack export` wrote. */
  readonly state?: string;
}

export interface Existing {
  readonly registry: Registry;
  /** Undefined where no state was read. */
  readonly state: StackState | undefined;
  /** The stack for the engine's preview. Undefined if it has no state: the preview would show everything as new. */
  readonly previewed: Project | undefined;
  readonly before: (plan: FleetPlan) => Before;
}

/** The stack with this state in a folder of its own, so that the preview starts from the same state as the plan. */
function copyOf(project: Project, { version, features, deployment }: StackExport, folder: string): Project {
  const copy = { ...project, backendUrl: `file://${folder}` };
  const file = fileBackend(copy).checkpointFile;
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const checkpoint = { stack: `organization/${project.name}/${project.stack}`, latest: deployment };
  writeFileSync(file, JSON.stringify({ version, features, checkpoint }), { mode: 0o600 });
  return copy;
}

/** The servers and slots of this plan. */
const registryOfPlan = ({ hosts, agents }: FleetPlan): Registry => ({
  servers: new Map(
    hosts.flatMap(({ name, offer }) =>
      offer === undefined ? [] : [[name, { serverType: offer.serverType, location: offer.location }]],
    ),
  ),
  agents: new Map(agents.map(({ name, host, slot }) => [name, { host, slot }])),
});

/** By agent, encrypted: a plan contains none, and they are only compared here. */
function secretsOf({ stackFile, name }: Project): Record<string, unknown> {
  const secrets = readStackFile(stackFile, name).config[`${name}:secrets`];
  return isRecord(secrets) ? secrets : {};
}

function withSecrets(
  differences: readonly Difference[],
  staying: readonly string[],
  before: Project,
  after: Project,
): Difference[] {
  const [old, now] = [secretsOf(before), secretsOf(after)];
  const byName = new Map(differences.map((each) => [`${each.kind} ${each.name}`, each]));
  for (const name of staying) {
    if (JSON.stringify(old[name]) === JSON.stringify(now[name])) continue;
    const key = `agent ${name}`;
    byName.set(key, { kind: "agent", name, what: [...(byName.get(key)?.what ?? []), "secrets"] });
  }
  return [...byName.values()];
}

function planBase(base: Project): FleetPlan {
  try {
    return planFleet(readFleet(base), EMPTY_REGISTRY, base.stack, CATALOGUE);
  } catch (error) {
    if (!(error instanceof FleetError)) throw error;
    throw new OperatorError(
      `${base.stackFile} cannot be planned from an empty stack, so there is nothing to compare with. ${error.message}`,
    );
  }
}

function fromBase(project: Project, file: string): Existing {
  if (!existsSync(file)) throw new OperatorError(`There is no ${file} to compare with.`);
  const base = { ...project, stackFile: file };
  const plan = planBase(base);
  const hosts = new Map(plan.agents.map(({ name, host }) => [name, host]));
  return {
    registry: registryOfPlan(plan),
    state: undefined,
    previewed: undefined,
    before: (after) => {
      const staying = after.agents.filter(({ name, host }) => hosts.get(name) === host);
      const names = staying.map(({ name }) => name);
      return { kind: "base", differences: withSecrets(differencesOf(plan, after), names, base, project) };
    },
  };
}

/**
 * @param folder for a copy of an exported state, secrets encrypted, which must be removed after the review
 * @throws OperatorError for a file that cannot be read or compared with
 */
export function readExisting(
  project: Project,
  { state, base }: ReviewSources,
  folder: string,
  log: Log,
): Existing {
  if (state !== undefined) {
    const read = readExport(state);
    const of = stateOfExport(read);
    return {
      registry: of.registry,
      state: of,
      previewed: copyOf(project, read, folder),
      before: () => ({ kind: "state" }),
    };
  }
  const own = stateOfStack(project, log);
  if (own !== undefined) {
    return { registry: own.registry, state: own, previewed: project, before: () => ({ kind: "state" }) };
  }
  if (base !== undefined) return fromBase(project, base);
  return {
    registry: EMPTY_REGISTRY,
    state: undefined,
    previewed: undefined,
    before: () => ({ kind: "nothing" }),
  };
}
