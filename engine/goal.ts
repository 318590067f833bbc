/** A resource as the program asks for it, and what the program gets in return. */
import type { ProviderReference, Urn } from "./urn.ts";
import type { Properties } from "./values.ts";

export interface Goal {
  readonly urn: Urn;
  readonly type: string;
  readonly name: string;
  readonly custom: boolean;
  readonly inputs: Properties;
  readonly parent?: Urn | undefined;
  readonly provider?: ProviderReference | undefined;
  readonly dependencies: readonly Urn[];
  readonly propertyDependencies: Readonly<Record<string, readonly Urn[]>>;
  /** Former URNs of the same resource. */
  readonly aliases: readonly Urn[];
  readonly deleteBeforeReplace: boolean;
  readonly ignoreChanges: readonly string[];
  readonly replaceOnChanges: readonly string[];
  readonly replaceWith: readonly Urn[];
  readonly deletedWith?: Urn | undefined;
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
  readonly additionalSecretOutputs: readonly string[];
  /** Hook names by lifecycle point. */
  readonly hooks: Readonly<Record<string, readonly string[]>>;
}

/** The answer to a registration. */
export interface Registered {
  readonly result: "success" | "failed" | "skipped";
  readonly id: string;
  readonly outputs: Properties;
}
