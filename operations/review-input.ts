/** What a pull request is compared with: the stack's state, or where that cannot be read the base branch's configuration. */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { type Difference, differencesOf } from "../fleet/plan/differences.ts";
import { type FleetPlan, planFleet } from "../fleet/plan/plan.ts";
import { FleetError } from "../fleet/config/problem.ts";
import type { Before } from "../report/comment.ts";
import { EMPTY_REGISTRY, type Registry } from "../fleet/placement/slots.ts";
import { CATALOGUE } from "../stacks/catalogue.ts";
import type { Terminal } from "../workspace/engine.ts";
import { readFleet } from "./fleet-config.ts";
import { readExport, registryOfExport, registryOfStack, type StackExport } from "./plan-input.ts";
import { fileBackend, type Project } from "../workspace/project.ts";
import { readStackFile } from "../workspace/stack-file.ts";
import { UserError } from "../workspace/user-error.ts";

export interface ReviewSources {
  /** The base branch's stack file. */
  readonly base?: string;
  /** What `pulumi stack export` wrote. */
  readonly state?: string;
}

export interface Existing {
  readonly registry: Registry;
  /** Where the engine's preview begins. Undefined where it would begin with nothing, and show everything as new. */
  readonly previewed: Project | undefined;
  readonly before: (plan: FleetPlan) => Before;
}

/** A stack with this state in a folder of its own, so that the preview is of the same state as the plan. */
function copyOf(project: Project, { version, features, deployment }: StackExport, folder: string): Project {
  const copy = { ...project, backendUrl: `file://${folder}` };
  const file = fileBackend(copy).checkpointFile;
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const checkpoint = { stack: `organization/${project.name}/${project.stack}`, latest: deployment };
  writeFileSync(file, JSON.stringify({ version, features, checkpoint }), { mode: 0o600 });
  return copy;
}

/** Servers and slots as this plan makes them. */
const registryOfPlan = ({ hosts, agents }: FleetPlan): Registry => ({
  servers: Object.fromEntries(
    hosts.flatMap(({ name, origin }) =>
      origin.kind === "hetzner" ? [[name, { serverType: origin.serverType, location: origin.location }]] : [],
    ),
  ),
  agents: Object.fromEntries(agents.map(({ name, host, slot }) => [name, { host, slot }])),
});

/** By agent, as they are sealed: a plan holds none, and nothing here can open them. */
const secretsOf = ({ stackFile, name }: Project): Record<string, unknown> =>
  (readStackFile(stackFile, name).config[`${name}:secrets`] ?? {}) as Record<string, unknown>;

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
    throw new UserError(
      `${base.stackFile} cannot be planned from nothing, so there is nothing to compare with. ${error.message}`,
    );
  }
}

function fromBase(project: Project, file: string): Existing {
  if (!existsSync(file)) throw new UserError(`There is no ${file} to compare with.`);
  const base = { ...project, stackFile: file };
  const plan = planBase(base);
  const hosts = new Map(plan.agents.map(({ name, host }) => [name, host]));
  return {
    registry: registryOfPlan(plan),
    previewed: undefined,
    before: (after) => {
      const staying = after.agents.filter(({ name, host }) => hosts.get(name) === host);
      const names = staying.map(({ name }) => name);
      return { kind: "base", differences: withSecrets(differencesOf(plan, after), names, base, project) };
    },
  };
}

/**
 * @param folder holds a copy of an exported state, secrets sealed, for as long as the review takes
 * @throws UserError for a file that cannot be read, or that nothing can be compared with
 */
export function readExisting(
  project: Project,
  { state, base }: ReviewSources,
  folder: string,
  terminal: Terminal,
): Existing {
  if (state !== undefined) {
    const read = readExport(state);
    return {
      registry: registryOfExport(read),
      previewed: copyOf(project, read, folder),
      before: () => ({ kind: "state" }),
    };
  }
  const registry = registryOfStack(project, terminal);
  if (registry !== undefined) return { registry, previewed: project, before: () => ({ kind: "state" }) };
  if (base !== undefined) return fromBase(project, base);
  return { registry: EMPTY_REGISTRY, previewed: undefined, before: () => ({ kind: "nothing" }) };
}
