/** What programs and components register, against an engine that only records it. */
import { join } from "node:path";
import { nameOf, providerUrn, typeOf, type Urn } from "pulumi-embedded-engine/urn";
import { conceal, type Properties, reveal } from "pulumi-embedded-engine/values";
import { type Goal, startProgram } from "pulumi-embedded-engine/wire";
import { type Recorded, type RecordingOptions, startRecording } from "./recording-engine.ts";

const FOLDER = join(import.meta.dirname, "../../..");

interface ProgramOptions extends Pick<RecordingOptions, "created" | "dryRun" | "stack"> {
  /** The program's. Default: this repository's. */
  readonly folder?: string;
  /** Further secret values, by full key. */
  readonly credentials?: Readonly<Record<string, string>>;
  /** As in the stack file. */
  readonly secrets?: object;
  /** The registry that the program finds: agent -> slot on host `one`. */
  readonly slots?: Readonly<Record<string, number>>;
  /** Further resources of the state, by URN. */
  readonly state?: Properties;
  /** Whether a preview observes the hosts, which a test must not do to this machine's own. Default: false. */
  readonly observesHosts?: boolean;
}

/**
 * What the real program registers.
 *
 * @param fleet as in the stack file
 */
export async function record(
  fleet: unknown,
  {
    folder = FOLDER,
    credentials = {},
    secrets = {},
    slots = {},
    state = {},
    observesHosts = false,
    ...options
  }: ProgramOptions = {},
): Promise<Recorded> {
  const stashes = Object.entries(slots).map(([agent, slot]): [string, Properties] => [
    `urn:pulumi:test::agent-fleet::agent-fleet:index:IsolatedAgent$pulumi:index:Stash::${agent}-slot`,
    { type: "pulumi:index:Stash", outputs: { output: { host: "one", slot } } },
  ]);
  const engine = await startRecording({
    ...options,
    config: {
      "agent-fleet:fleet": JSON.stringify(fleet),
      "agent-fleet:secrets": JSON.stringify(secrets),
      ...credentials,
    },
    secretKeys: ["agent-fleet:secrets", ...Object.keys(credentials)],
    state: { ...Object.fromEntries(stashes), ...state },
  });
  process.env["AGENT_FLEET_OFFLINE"] = observesHosts ? "0" : "1";
  // Whatever Docker this machine's user works with.
  process.env["DOCKER_CONTEXT"] = "default";
  delete process.env["DOCKER_HOST"];
  const { error } = await startProgram(engine.info, engine.address, folder, () => {}).result;
  const recorded = engine.finish();
  return error === undefined ? recorded : { ...recorded, messages: [...recorded.messages, error] };
}

/** The one registration of that type and name. */
export function goalOf(goals: readonly Goal[], type: string, name: string): Goal {
  const [goal, ...others] = goals.filter((each) => each.type === type && each.name === name);
  if (goal === undefined || others.length > 0) {
    throw new Error(`${others.length === 0 ? "no" : "more than one"} ${type} ${name} was registered`);
  }
  return goal;
}

/** With nothing marked secret. */
export const inputsOf = ({ inputs }: Goal): Properties => reveal(inputs);

/** What is created, and below what. */
export const outline = (goals: readonly Goal[]): object[] =>
  goals.map(({ type, name, parent }) => ({ type, name, parent: parent && nameOf(parent) }));

const isGiven = (value: unknown): boolean =>
  value !== undefined && value !== false && !(Array.isArray(value) && value.length === 0);

/** `type name`, because resources of different types share names. */
const resourceOf = (urn: Urn): string => `${typeOf(urn)} ${nameOf(urn)}`;

/**
 * The part of a registration that decides what is created, and everything that protects it; secrets concealed.
 *
 * Dependencies that follow from an input are in `inputDependencies`, and are not repeated in `dependsOn`.
 */
export const summary = ({ type, name, parent, inputs, ...goal }: Goal): object => {
  const ofInputs = new Set(Object.values(goal.propertyDependencies).flat());
  const options = {
    provider: goal.provider && nameOf(providerUrn(goal.provider)),
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
