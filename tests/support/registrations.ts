/** What the real program registers, in a preview against an engine that only writes it down. */
import { dirname } from "node:path";
import { type Goal, nameOf, typeOf } from "../../engine/goal.ts";
import { serveMonitor } from "../../engine/monitor.ts";
import { startProgram } from "../../engine/program.ts";
import { conceal, type Properties } from "../../engine/values.ts";

const FOLDER = dirname(dirname(import.meta.dirname));

export interface Recorded {
  readonly goals: readonly Goal[];
  readonly outputs: Properties;
  readonly messages: readonly string[];
}

/**
 * @param fleet and secrets as in the stack file.
 * @param slots the registry that the program finds: agent -> slot on host `one`.
 */
export async function record(
  fleet: unknown,
  { secrets = {}, slots = {} }: { secrets?: object; slots?: Readonly<Record<string, number>> } = {},
): Promise<Recorded> {
  const goals: Goal[] = [];
  const messages: string[] = [];
  let outputs: Properties = {};
  const info = {
    project: "agent-fleet",
    stack: "test",
    organization: "organization",
    dryRun: true,
    parallel: 16,
    config: { "agent-fleet:fleet": JSON.stringify(fleet), "agent-fleet:secrets": JSON.stringify(secrets) },
    secretKeys: ["agent-fleet:secrets"],
  };
  const stashes = Object.entries(slots).map(([agent, slot]) => [
    `urn:pulumi:test::agent-fleet::agent-fleet:index:IsolatedAgent$pulumi:index:Stash::${agent}-slot`,
    { type: "pulumi:index:Stash", outputs: { output: { host: "one", slot } } },
  ]);
  const monitor = await serveMonitor(info, {
    listen: (event) => {
      if (event.kind === "message" && event.severity !== "debug") messages.push(event.text);
    },
    register: async (goal) => {
      goals.push(goal);
      return { result: "success", id: "", outputs: goal.inputs };
    },
    registerOutputs: (urn, values) => {
      if (urn.includes("pulumi:pulumi:Stack")) outputs = values;
    },
    invoke: async () => ({ outputs: Object.fromEntries(stashes) as Properties }),
  });
  const { error } = await startProgram(info, monitor.address, FOLDER, () => {}).result;
  monitor.close();
  if (error !== undefined) messages.push(error);
  return { goals: goals.toSorted((a, b) => (a.urn < b.urn ? -1 : 1)), outputs, messages };
}

/** The name of a provider, of which a registration holds the URN and the id. */
const providerName = (reference: string): string => nameOf(reference.slice(0, reference.lastIndexOf("::")));

const isGiven = (value: unknown): boolean =>
  value !== undefined && value !== false && !(Array.isArray(value) && value.length === 0);

/** `type name`, because resources of different types share names. */
const resourceOf = (urn: string): string => `${typeOf(urn)} ${nameOf(urn)}`;

/**
 * The part of a registration that decides what is created, and everything that protects it; secrets concealed.
 *
 * Dependencies that follow from an input are in `inputDependencies`, and are not repeated in `dependsOn`.
 */
export const summary = ({ type, name, parent, inputs, ...goal }: Goal): object => {
  const ofInputs = new Set(Object.values(goal.propertyDependencies).flat());
  const options = {
    provider: goal.provider && providerName(goal.provider),
    dependsOn: goal.dependencies.filter((urn) => !ofInputs.has(urn)).map(resourceOf),
    aliases: goal.aliases,
    deleteBeforeReplace: goal.deleteBeforeReplace,
    replaceOnChanges: goal.replaceOnChanges,
    replaceWith: goal.replaceWith.map(resourceOf),
    deletedWith: goal.deletedWith && resourceOf(goal.deletedWith),
    ignoreChanges: goal.ignoreChanges,
    retainOnDelete: goal.retainOnDelete,
    protect: goal.protect,
    additionalSecretOutputs: goal.additionalSecretOutputs,
    ...goal.hooks,
  };
  const inputDependencies = Object.entries(goal.propertyDependencies)
    .filter(([, urns]) => urns.length > 0)
    .map(([key, urns]) => [key, urns.map(resourceOf)]);
  return {
    type,
    name,
    ...(parent === undefined ? {} : { parent: nameOf(parent) }),
    inputs: conceal(inputs),
    ...(inputDependencies.length === 0 ? {} : { inputDependencies: Object.fromEntries(inputDependencies) }),
    options: Object.fromEntries(Object.entries(options).filter(([, value]) => isGiven(value))),
  };
};
