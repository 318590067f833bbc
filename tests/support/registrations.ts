/** What the real program registers, in a preview against an engine that only writes it down. */
import { dirname } from "node:path";
import { nameOf, providerUrn } from "pulumi-embedded-engine/urn";
import { conceal, type Properties } from "pulumi-embedded-engine/values";
import { type Goal, serve, startProgram } from "pulumi-embedded-engine/wire";

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
  const monitor = await serve(info, {
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

/** The part of a registration that decides what is made; secrets concealed. */
export const summary = ({ type, name, parent, inputs, ...goal }: Goal): object => ({
  type,
  name,
  ...(parent === undefined ? {} : { parent: nameOf(parent) }),
  inputs: conceal(inputs),
  options: Object.fromEntries(
    Object.entries({
      provider: goal.provider && nameOf(providerUrn(goal.provider)),
      deleteBeforeReplace: goal.deleteBeforeReplace,
      replaceOnChanges: goal.replaceOnChanges,
      ignoreChanges: goal.ignoreChanges,
      retainOnDelete: goal.retainOnDelete,
      protect: goal.protect,
      afterCreate: goal.hooks["afterCreate"],
    }).filter(
      ([, value]) => value !== undefined && value !== false && !(Array.isArray(value) && value.length === 0),
    ),
  ),
});
