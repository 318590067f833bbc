/** What the engine needs to know about a resource type to manage it. */
import { isObject, type Properties, type Value } from "../values.ts";

/** What a change of an input does to the resource: recreates it, or changes it in place. */
export type Effect = "replace" | "update";

/** A resource as its provider created or found it. */
export interface CreateResult {
  readonly id: string;
  readonly outputs: Properties;
}

/** What is looked for: a resource that the state does not know. */
export interface Sought {
  readonly inputs: Properties;
  /** The labels that identify an object's owner. An object with other values, or without one of them, is foreign. */
  readonly identity: readonly string[];
  /** Of a resource that exists in the state alone: its value, where the caller knows it. */
  readonly value: Value | undefined;
}

export interface FoundResource extends CreateResult {
  /** The inputs that are not what was asked for, as they are; null for one that is not set. */
  readonly differing: Properties;
  /** Why it does not count as having come up. */
  readonly initErrors?: readonly string[];
}

/** The resource exists but did not come up as it should: it is kept in the state together with the error. */
export class InitError extends Error {
  override readonly name = "InitError";
  readonly result: CreateResult;
  constructor(message: string, result: CreateResult, options?: ErrorOptions) {
    super(message, options);
    this.result = result;
  }
}

/** No answer arrived: whether the operation had any effect is not known, and the next run recovers it. */
export class OutcomeUnknownError extends Error {
  override readonly name = "OutcomeUnknownError";
}

/**
 * Creates, updates and deletes resources of one type. All values are revealed; `configuration` holds the inputs of the provider
 * resource that the program passed.
 */
export interface ResourceProvider {
  /** Every input that is implemented. Any other is refused by name, never ignored. */
  readonly inputs: Readonly<Record<string, Effect>>;
  /** What the real provider fills in; leaving such an input out means the same. */
  readonly defaults?: Properties;
  /** Outputs that are always secret. */
  readonly secretOutputs?: readonly string[];
  /** Inputs that may hold secrets: marked as such where they are read back from an existing resource. */
  readonly sensitiveInputs?: readonly string[];
  /** @throws InitError, OutcomeUnknownError */
  create(inputs: Properties, configuration: Properties): Promise<CreateResult>;
  /** An existing resource, with the result that its creation had. Nothing is changed. */
  find?(sought: Sought, configuration: Properties): Promise<FoundResource | undefined>;
  /** Deletes what an interrupted creation may have left behind, and nothing that is not its own. */
  cleanUp?(inputs: Properties, configuration: Properties): Promise<void>;
  /** Returns the new outputs. */
  update?(
    existing: CreateResult & { readonly inputs: Properties },
    configuration: Properties,
  ): Promise<Properties>;
  /** Deleting what no longer exists succeeds. */
  delete?(existing: CreateResult, configuration: Properties): Promise<void>;
}

/**
 * Inputs as the program passed them, without those that the provider bridge filled in. It lists them under `__defaults`, at
 * every level.
 */
export const withoutProviderDefaults = (properties: Properties): Properties => {
  const filledIn = properties["__defaults"];
  const isGiven = ([key]: readonly [string, Value]): boolean =>
    key !== "__defaults" && !(Array.isArray(filledIn) && filledIn.includes(key));
  return Object.fromEntries(
    Object.entries(properties)
      .filter(isGiven)
      .map(([key, value]) => [key, given(value)]),
  );
};

const given = (value: Value): Value =>
  Array.isArray(value) ? value.map(given) : isObject(value) ? withoutProviderDefaults(value) : value;

/** Inputs as the real provider sees them. */
export const withDefaults = (provider: ResourceProvider, inputs: Properties): Properties => ({
  ...provider.defaults,
  ...inputs,
});
