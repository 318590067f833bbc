import type resourceProto from "@pulumi/pulumi/proto/resource_pb.js";
import type { Goal } from "../goal.ts";
import { unsupported } from "../messages.ts";
import { createUrn, isProviderType, parseProviderReference, parseUrn, type Urn } from "../urn.ts";
import type { Properties } from "../values.ts";
import { toProperties } from "./struct.ts";

type Request = resourceProto.RegisterResourceRequest;

export interface StackName {
  readonly project: string;
  readonly stack: string;
}

/**
 * A registration as it arrives from the program.
 *
 * @throws Error that names what the engine does not implement
 */
export function decodeGoal(request: Request, { stack, project }: StackName): Goal {
  const [type, name] = [request.getType(), request.getName()];
  const feature = unsupportedFeature(request);
  if (feature !== undefined) throw new Error(`${name}: ${unsupported(feature)}`);
  const parent = urn(request.getParent());
  const provider = request.getProvider();
  return {
    urn: createUrn(stack, project, type, name, parent),
    type,
    name,
    custom: request.getCustom(),
    inputs: decodeInputs(request),
    parent,
    provider: provider === "" ? undefined : parseProviderReference(provider),
    dependencies: urns(request.getDependenciesList()).toSorted(),
    propertyDependencies: decodePropertyDependencies(request),
    aliases: urns(request.getAliasurnsList()),
    deleteBeforeReplace: request.getDeletebeforereplace(),
    ignoreChanges: request.getIgnorechangesList(),
    replaceOnChanges: request.getReplaceonchangesList(),
    replaceWith: urns(request.getReplaceWithList()),
    deletedWith: urn(request.getDeletedwith()),
    protect: request.getProtect() ?? false,
    retainOnDelete: request.getRetainondelete() ?? false,
    additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
    hooks: {
      afterCreate: request.getHooks()?.getAfterCreateList() ?? [],
      afterUpdate: request.getHooks()?.getAfterUpdateList() ?? [],
    },
  };
}

function unsupportedFeature(request: Request): string | undefined {
  if (request.getRemote()) return "components that a plugin creates";
  if (request.getImportid() !== "") return "import";
  if (request.hasReplacementTrigger()) return "replacementTrigger";
  const hooks = request.getHooks();
  const before = [hooks?.getBeforeCreateList(), hooks?.getBeforeUpdateList(), hooks?.getBeforeDeleteList()];
  if (before.some(isFilled)) return "hooks that run before a step";
  if (isFilled(hooks?.getAfterDeleteList())) return "hooks that run after a deletion";
  return undefined;
}

const isFilled = (list: readonly string[] | undefined): boolean => list !== undefined && list.length > 0;

/** The Pulumi CLI keeps these two next to the configuration of a provider. */
function decodeInputs(request: Request): Properties {
  const inputs = toProperties(request.getObject());
  if (!isProviderType(request.getType())) return inputs;
  const version = request.getVersion();
  return { __internal: {}, ...inputs, ...(version === "" ? {} : { version }) };
}

function decodePropertyDependencies(request: Request): Record<string, Urn[]> {
  const result: Record<string, Urn[]> = {};
  request.getPropertydependenciesMap().forEach((dependencies, key) => {
    result[key] = urns(dependencies.getUrnsList()).toSorted();
  });
  return result;
}

const urn = (text: string): Urn | undefined => (text === "" ? undefined : parseUrn(text));

const urns = (texts: readonly string[]): Urn[] => texts.map(parseUrn);
