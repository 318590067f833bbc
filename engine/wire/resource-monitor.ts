/** Pulumi's `ResourceMonitor` service: where the program registers its resources. */
import type { UntypedServiceImplementation } from "@grpc/grpc-js";
import resourceProto from "@pulumi/pulumi/proto/resource_pb.js";
import type { Goal, Registered } from "../goal.ts";
import { parseUrn, type Urn } from "../urn.ts";
import type { Properties } from "../values.ts";
import { decodeGoal } from "./decode-goal.ts";
import type { ProgramHooks } from "./hooks.ts";
import { toProperties, toStruct } from "./struct.ts";
import { empty, refuse, unary } from "./unary.ts";

export interface ProgramInfo {
  readonly project: string;
  readonly stack: string;
  readonly organization: string;
  readonly dryRun: boolean;
  readonly parallel: number;
  /** By full key; a value that is not a string is JSON. */
  readonly config: Readonly<Record<string, string>>;
  readonly secretKeys: readonly string[];
}

export interface MonitorHandlers {
  register(goal: Goal): Promise<Registered>;
  registerOutputs(urn: Urn, outputs: Properties): void | Promise<void>;
  invoke(token: string, args: Properties): Promise<Properties>;
}

const Feature = resourceProto.ResourceMonitorFeature;
/** What this engine supports. The program's SDK does without the rest, or refuses what needs it. */
const FEATURES = {
  secrets: Feature.RESOURCE_MONITOR_FEATURE_SECRETS,
  deletedWith: Feature.RESOURCE_MONITOR_FEATURE_DELETED_WITH,
  replaceWith: Feature.RESOURCE_MONITOR_FEATURE_REPLACE_WITH,
  resourceHooks: Feature.RESOURCE_MONITOR_FEATURE_RESOURCE_HOOKS,
};

const { SUCCESS, FAIL } = resourceProto.Result;
/** `SKIP` is 2; the SDK's code knows it, its types leave it out. */
const RESULTS: Readonly<Record<Registered["result"], number>> = {
  success: SUCCESS,
  failed: FAIL,
  skipped: 2,
};

export const resourceMonitor = (
  info: ProgramInfo,
  handlers: MonitorHandlers,
  hooks: ProgramHooks,
): UntypedServiceImplementation => ({
  getDeploymentInfo: unary(() => deploymentInfo(info)),
  supportsFeature: unary((request: resourceProto.SupportsFeatureRequest) => {
    const response = new resourceProto.SupportsFeatureResponse();
    response.setHassupport(Object.hasOwn(FEATURES, request.getId()));
    return response;
  }),
  registerResource: unary(async (request: resourceProto.RegisterResourceRequest) => {
    const goal = decodeGoal(request, info);
    const { result, id, outputs } = await handlers.register(goal);
    const response = new resourceProto.RegisterResourceResponse();
    response.setUrn(goal.urn);
    response.setId(id);
    response.setObject(toStruct(outputs));
    response.setResult(RESULTS[result]);
    return response;
  }),
  registerResourceOutputs: unary(async (request: resourceProto.RegisterResourceOutputsRequest) => {
    await handlers.registerOutputs(parseUrn(request.getUrn()), toProperties(request.getOutputs()));
    return empty();
  }),
  invoke: unary(async (request: resourceProto.ResourceInvokeRequest) => {
    const response = new resourceProto.ResourceInvokeResponse();
    response.setReturn(toStruct(await handlers.invoke(request.getTok(), toProperties(request.getArgs()))));
    return response;
  }),
  registerResourceHook: unary((request: resourceProto.RegisterResourceHookRequest) => {
    hooks.register(request);
    return empty();
  }),
  registerPackage: unary((request: resourceProto.RegisterPackageRequest) => {
    const response = new resourceProto.RegisterPackageResponse();
    response.setRef(`${request.getName()}@${request.getVersion()}`);
    return response;
  }),
  signalAndWaitForShutdown: unary(empty),
  call: refuse("method calls"),
  readResource: refuse("reading resources that another program manages"),
  registerStackTransform: refuse("transforms"),
  registerStackInvokeTransform: refuse("transforms"),
  registerErrorHook: refuse("error hooks"),
});

function deploymentInfo(info: ProgramInfo): resourceProto.DeploymentInfo {
  const response = new resourceProto.DeploymentInfo();
  response.setProject(info.project);
  response.setStack(info.stack);
  response.setOrganization(info.organization);
  response.setDryrun(info.dryRun);
  response.setParallel(info.parallel);
  response.setSupportedfeaturesList(Object.values(FEATURES));
  response.setConfigsecretkeysList([...info.secretKeys]);
  for (const [key, value] of Object.entries(info.config)) response.getConfigMap().set(key, value);
  return response;
}
