/** A resource as the program asks for it. */
import type { Properties } from "./values.ts";

export interface Goal {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly custom: boolean;
  readonly inputs: Properties;
  readonly parent?: string | undefined;
  readonly provider?: string | undefined;
  readonly dependencies: readonly string[];
  readonly propertyDependencies: Readonly<Record<string, readonly string[]>>;
  /** Earlier URNs of the same resource. */
  readonly aliases: readonly string[];
  readonly deleteBeforeReplace: boolean;
  readonly ignoreChanges: readonly string[];
  readonly replaceOnChanges: readonly string[];
  readonly replaceWith: readonly string[];
  readonly deletedWith?: string | undefined;
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
  readonly additionalSecretOutputs: readonly string[];
  /** Hook names by lifecycle point. */
  readonly hooks: Readonly<Record<string, readonly string[]>>;
}

/** `urn:pulumi:STACK::PROJECT::PARENT-TYPE$TYPE::NAME`; the stack itself is not part of its children's type. */
export function urnOf(stack: string, project: string, type: string, name: string, parent?: string): string {
  const parentType = parent?.split("::")[2];
  const qualified =
    parentType === undefined || parentType === "pulumi:pulumi:Stack" ? type : `${parentType}$${type}`;
  return `urn:pulumi:${stack}::${project}::${qualified}::${name}`;
}

export const nameOf = (urn: string): string => urn.slice(urn.lastIndexOf("::") + 2);

/** The resource's own type, without its parents'. */
export const typeOf = (urn: string): string => urn.split("::")[2]?.split("$").at(-1) ?? "";

export const isProvider = (type: string): boolean => type.startsWith("pulumi:providers:");
