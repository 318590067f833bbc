/** Pulumi's identifiers of resources, and of the providers that manage them. */

/** `urn:pulumi:STACK::PROJECT::PARENT-TYPE$TYPE::NAME` */
export type Urn = `urn:pulumi:${string}`;

declare const brand: unique symbol;
/** A provider's `URN::ID`. It is not assignable to `Urn`: looked up as one, it would never be found. */
export type ProviderReference = string & { readonly [brand]: "ProviderReference" };

const STACK_TYPE = "pulumi:pulumi:Stack";

export const isUrn = (text: string): text is Urn => text.startsWith("urn:pulumi:");

export const isProviderReference = (text: string): text is ProviderReference =>
  isUrn(text) && text.includes("::");

/** @throws if the text is not a URN */
export function parseUrn(text: string): Urn {
  if (!isUrn(text)) throw new Error(`"${text}" is not a Pulumi URN`);
  return text;
}

/** @throws if the text is not the URN of a provider followed by its ID */
export function parseProviderReference(text: string): ProviderReference {
  if (!isProviderReference(text)) throw new Error(`"${text}" is not a reference to a Pulumi provider`);
  return text;
}

export const createProviderReference = (urn: Urn, id: string): ProviderReference =>
  parseProviderReference(`${urn}::${id}`);

export const providerUrn = (reference: ProviderReference): Urn =>
  parseUrn(reference.slice(0, reference.lastIndexOf("::")));

/** The type of the stack itself is not part of its children's type. */
export function createUrn(stack: string, project: string, type: string, name: string, parent?: Urn): Urn {
  const parentType = parent === undefined ? undefined : qualifiedType(parent);
  const qualified = parentType === undefined || parentType === STACK_TYPE ? type : `${parentType}$${type}`;
  return `urn:pulumi:${stack}::${project}::${qualified}::${name}`;
}

const qualifiedType = (urn: Urn): string | undefined => urn.split("::")[2];

export const nameOf = (urn: Urn): string => urn.slice(urn.lastIndexOf("::") + 2);

/** The resource's own type, without its parents'. */
export const typeOf = (urn: Urn): string => qualifiedType(urn)?.split("$").at(-1) ?? "";

export const isProviderType = (type: string): boolean => type.startsWith("pulumi:providers:");

export const isStackType = (type: string): boolean => type === STACK_TYPE;
