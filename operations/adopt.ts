/** Takes over what hosts have of a stack and its state does not know: after the state was lost, or a run was killed. */
import { randomBytes } from "node:crypto";
import {
  type AdoptionResult,
  type AdoptResult,
  adopt as adoptResources,
  type KnownResource,
  type Observed,
} from "pulumi-embedded-engine";
import type { Fleet } from "../fleet/config/fleet.ts";
import { type OwnObject, observedObjects, observedSlots, ownObjects } from "../fleet/docker/adoption.ts";
import { removalOf } from "../fleet/docker/conflicts.ts";
import type { HostObservation } from "../fleet/docker/inventory.ts";
import { knownConnections } from "../fleet/hosts/known.ts";
import { LABELS, LOGICAL, ownerOf } from "../fleet/names.ts";
import { planFleet } from "../fleet/plan-fleet.ts";
import type { Registry, Slot } from "../fleet/registry.ts";
import { CATALOGUE } from "../stacks/catalogue.ts";
import { observeHosts } from "../stacks/inventory.ts";
import { type StackState, stateOf } from "../stacks/state.ts";
import { OperatorError } from "../system/operator-error.ts";
import { openStack } from "../workspace/open-stack.ts";
import { ProgressDisplay } from "../workspace/progress.ts";
import { hasFileBackend, type Project } from "../workspace/project.ts";
import { gatewayTokens } from "./adoption/gateway-tokens.ts";
import { objectResources, replacedResources, slotResources } from "./adoption/observed-resources.ts";
import { readCheckedFleet } from "./fleet-config.ts";

const PARALLEL = 16;
const TOKEN_BYTES = 16;

/** The result of an adoption, for the operator. */
export interface Adoption {
  readonly result: AdoptResult;
  /** Agents whose token could not be recovered; each has a new one. */
  readonly newTokens: readonly string[];
  /** What is not in the stack file, or not where it belongs. */
  readonly leftOver: readonly OwnObject[];
}

export interface AdoptPorts {
  readonly log: (line: string) => void;
  /** Asks before the state is written. @throws unless the operator agrees */
  agree(adoption: Pick<Adoption, "newTokens">, result: AdoptionResult): Promise<void>;
}

/** @throws OperatorError where only the Pulumi CLI can write the state */
export function requireFileBackend(project: Project): void {
  if (hasFileBackend(project)) return;
  throw new OperatorError(
    `adopt writes the state of file backends only, and this stack's is in ${project.backendUrl}. Adopt into a folder, and move the state from there: docs/recovery.md, "Other backends".`,
  );
}

/** @throws OperatorError for cloud servers that the state does not know: Docker can say nothing of them */
export function requireKnownServers({ hosts }: Pick<Fleet, "hosts">, { servers }: Registry): void {
  const lost = [...hosts.values()].filter(
    ({ provisions, owns }) => provisions !== undefined && ![...servers.keys()].some((server) => owns(server)),
  );
  if (lost.length === 0) return;
  throw new OperatorError(
    `adopt takes over Docker objects, and the state knows no servers of ${lost.map(({ name }) => `hosts.${name}`).join(", ")}. Restore a backup of the state, or bring them back with \`pulumi import\` first: docs/recovery.md`,
  );
}

/** @throws OperatorError for hosts that do not answer: their agents would be planned as if they did not exist */
export function requireObservations(observations: ReadonlyMap<string, HostObservation>): void {
  const silent = [...observations].flatMap(([host, { problem }]) =>
    problem === undefined ? [] : [`${host} (${problem})`],
  );
  if (silent.length === 0) return;
  throw new OperatorError(
    `adopt has to see every host, and this does not answer: ${silent.join(", ")}. What runs there would be placed again elsewhere.`,
  );
}

const keyOf = (kind: string, id: string): string => `${kind} ${id}`;

const knownKeys = ({ objects: { ofAgents, ofHosts } }: StackState): ReadonlySet<string> =>
  new Set([...ofAgents.values(), ...ofHosts.values()].map(({ kind, id }) => keyOf(kind, id)));

const idsIn = (observations: ReadonlyMap<string, HostObservation>): ReadonlySet<string> =>
  new Set(
    [...observations.values()].flatMap(({ inventory }) =>
      [...(inventory?.containerNames ?? []), ...(inventory?.networks ?? [])].map(({ id }) => id),
    ),
  );

/** Observes every host once, and keeps the result. */
class Look {
  readonly newTokens = new Set<string>();
  unknown: readonly OwnObject[] = [];
  readonly #project: Project;
  readonly #fleet: Fleet;

  constructor(project: Project, fleet: Fleet) {
    this.#project = project;
    this.#fleet = fleet;
  }

  /** Undefined if the state knows everything. @throws OperatorError */
  async observe(resources: readonly KnownResource[]): Promise<Observed | undefined> {
    const { stack, name: project } = this.#project;
    const state = stateOf(resources);
    const { registry } = state;
    requireKnownServers(this.#fleet, registry);
    const connections = knownConnections(this.#fleet, registry);
    const observations = await observeHosts(connections, stack, []);
    requireObservations(observations);
    const known = knownKeys(state);
    const own = ownObjects(observations, stack);
    this.unknown = own.filter(({ kind, object }) => !known.has(keyOf(kind, object.id)));
    const seen = observedSlots(this.#fleet.hosts, observations, stack);
    const slots = new Map([...seen].filter(([agent]) => !registry.agents.has(agent)));
    if (this.unknown.length === 0 && slots.size === 0) return undefined;
    const agents = new Map([...slots, ...registry.agents]);
    const plan = planFleet(this.#fleet, { ...registry, agents }, stack, CATALOGUE);
    const name = { stack, project };
    const objects = objectResources(name, observedObjects(plan, observations));
    const tokens = await gatewayTokens(own, connections, stack);
    return {
      resources: [...slotResources(name, slots), ...objects],
      gone: replacedResources(resources, objects, idsIn(observations)),
      recall: (goal) => this.#recall(goal, agents, tokens),
    };
  }

  #recall(
    { type, name }: { readonly type: string; readonly name: string },
    slots: ReadonlyMap<string, Slot>,
    tokens: ReadonlyMap<string, string>,
  ) {
    if (type === "pulumi:index:Stash") {
      const slot = slots.get(ownerOf(name, LOGICAL.slot) ?? "");
      return slot && { host: slot.host, slot: slot.slot };
    }
    const agent = type === "random:index/randomBytes:RandomBytes" ? ownerOf(name, LOGICAL.token) : undefined;
    if (agent === undefined) return undefined;
    const token = tokens.get(agent);
    // An agent that has nothing is a new one: the update creates all of it.
    if (token !== undefined || !slots.has(agent)) return token;
    this.newTokens.add(agent);
    return randomBytes(TOKEN_BYTES).toString("hex");
  }
}

/**
 * Nothing is created, changed or removed on a host: only the state is written, once the operator agrees.
 *
 * @throws OperatorError
 */
export async function adopt(project: Project, { log, agree }: AdoptPorts): Promise<Adoption> {
  requireFileBackend(project);
  const look = new Look(project, readCheckedFleet(project));
  const display = new ProgressDisplay(log);
  const result = await adoptResources(await openStack(project, log), {
    listen: display.listen,
    parallel: PARALLEL,
    identity: [LABELS.stack, LABELS.agent],
    observe: (resources) => look.observe(resources),
    agree: (each) => agree({ newTokens: [...look.newTokens] }, each),
  });
  const ids = new Set(result.adopted.map(({ id }) => id));
  const leftOver = look.unknown.filter(({ object }) => !ids.has(object.id));
  return { result, newTokens: [...look.newTokens], leftOver };
}

/** Where each is, and how to remove it: a line for each host; data is not among it. */
export function removalsOf(objects: readonly OwnObject[]): string[] {
  const removable = objects.flatMap(({ host, kind, object: { name } }) =>
    kind === "volume" ? [] : [{ host, kind, name }],
  );
  return [...Map.groupBy(removable, ({ host }) => host)].map(([host, each]) => `${host}: ${removalOf(each)}`);
}
