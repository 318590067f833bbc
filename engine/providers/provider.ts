/** What the embedded engine needs to know of a resource type to manage it. */
import { isObject, type Properties, type Value } from "../values.ts";

/** What a change of an input means for the resource. */
export type Effect =
  /** It is made anew. */
  | "replace"
  /** It is changed in place. */
  | "update";

/** A resource as its provider made or found it. */
export interface Made {
  readonly id: string;
  readonly outputs: Properties;
}

/** Thrown where a resource came to exist but is not as it should be: it is kept in the state with what is wrong. */
export class HalfMadeError extends Error {
  override readonly name = "HalfMadeError";
  readonly made: Made;
  constructor(message: string, made: Made) {
    super(message);
    this.made = made;
  }
}

/** Thrown where nobody answered: whether anything was done is not known. */
export class LostError extends Error {
  override readonly name = "LostError";
}

export interface ResourceKind {
  /** Every input that is implemented. Any other is refused by name, never ignored. */
  readonly inputs: Readonly<Record<string, Effect>>;
  /** What the real provider fills in; leaving such an input out means the same. */
  readonly defaults?: Properties;
  /** Outputs that are always secret. */
  readonly secretOutputs?: readonly string[];
  /** Makes the resource; all values are plain. @throws HalfMadeError, LostError */
  create(inputs: Properties, provider: Properties): Promise<Made>;
  /** Removes what a creation that was interrupted may have left behind, and nothing that is not its own. */
  discard?(inputs: Properties, provider: Properties): Promise<void>;
  /** Changes it in place and answers with its outputs. */
  update?(id: string, old: Properties, inputs: Properties, provider: Properties): Promise<Properties>;
  /** Removes it; one that is gone already is no error. */
  delete?(id: string, outputs: Properties, provider: Properties): Promise<void>;
}

/**
 * Inputs as the program gave them: without those that the provider bridge has filled in, which it lists as `__defaults` at
 * every level.
 */
export const withoutNotes = (properties: Properties): Properties => {
  const filled = properties["__defaults"];
  const isGiven = ([key]: readonly [string, Value]): boolean =>
    key !== "__defaults" && !(Array.isArray(filled) && filled.includes(key));
  return Object.fromEntries(
    Object.entries(properties)
      .filter(isGiven)
      .map(([key, value]) => [key, given(value)]),
  );
};

const given = (value: Value): Value =>
  Array.isArray(value) ? value.map(given) : isObject(value) ? withoutNotes(value) : value;

/** Inputs as the real provider sees them. */
export const withDefaults = (kind: ResourceKind, inputs: Properties): Properties => ({
  ...kind.defaults,
  ...inputs,
});
