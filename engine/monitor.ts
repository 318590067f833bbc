/** The two services that a Pulumi program talks to, `ResourceMonitor` and `Engine`, spoken over gRPC. */
import {
  credentials,
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type sendUnaryData,
  status,
} from "@grpc/grpc-js";
import callbackRpc from "@pulumi/pulumi/proto/callback_grpc_pb.js";
import callbackProto from "@pulumi/pulumi/proto/callback_pb.js";
import engineRpc from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import engineProto from "@pulumi/pulumi/proto/engine_pb.js";
import resourceRpc from "@pulumi/pulumi/proto/resource_grpc_pb.js";
import resourceProto from "@pulumi/pulumi/proto/resource_pb.js";
import emptyProto from "google-protobuf/google/protobuf/empty_pb.js";
import structProto, { type Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import type { HookRunner, Registered } from "./deployment.ts";
import type { Listener } from "./events.ts";
import { type Goal, isProvider, urnOf } from "./goal.ts";
import type { Properties } from "./values.ts";

const Feature = resourceProto.ResourceMonitorFeature;
/** What this engine can do. The program's SDK does without the rest, or refuses what cannot be done without it. */
const FEATURES = [
  Feature.RESOURCE_MONITOR_FEATURE_SECRETS,
  Feature.RESOURCE_MONITOR_FEATURE_DELETED_WITH,
  Feature.RESOURCE_MONITOR_FEATURE_REPLACE_WITH,
  Feature.RESOURCE_MONITOR_FEATURE_RESOURCE_HOOKS,
];

const { SUCCESS, FAIL } = resourceProto.Result;
/** The SDK's types leave out SKIP, which its code knows. */
const SKIP = 2 as resourceProto.Result;
const RESULTS = { success: SUCCESS, failed: FAIL, skipped: SKIP };

/** No message is too long: a front door's configuration grows with its tenants. */
const UNLIMITED = { "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 };

export interface ProgramInfo {
  readonly project: string;
  readonly stack: string;
  readonly organization: string;
  readonly dryRun: boolean;
  readonly parallel: number;
  /** Full keys to values; a value that is no string is JSON. */
  readonly config: Readonly<Record<string, string>>;
  readonly secretKeys: readonly string[];
}

export interface MonitorHandlers {
  register(goal: Goal): Promise<Registered>;
  registerOutputs(urn: string, outputs: Properties): void | Promise<void>;
  invoke(token: string, args: Properties): Promise<Properties>;
  readonly listen: Listener;
}

type Handler<Request, Response> = (
  call: ServerUnaryCall<Request, Response>,
  done: sendUnaryData<Response>,
) => void;

const unary =
  <Request, Response>(work: (request: Request) => Promise<Response> | Response): Handler<Request, Response> =>
  (call, done) => {
    // A handler that throws must answer, or the program waits for ever.
    Promise.resolve()
      .then(() => work(call.request))
      .then(
        (response) => done(null, response),
        (error: Error) => done({ code: status.UNKNOWN, details: error.message }),
      );
  };

const properties = (struct: Struct | undefined): Properties => (struct?.toJavaScript() ?? {}) as Properties;
const struct = (values: Properties): Struct => structProto.Struct.fromJavaScript(values as never);

export interface Monitor {
  readonly address: string;
  readonly runHooks: HookRunner;
  close(): void;
}

export async function serveMonitor(info: ProgramInfo, handlers: MonitorHandlers): Promise<Monitor> {
  const hooks = new Map<string, resourceProto.RegisterResourceHookRequest>();
  const clients = new Map<string, callbackRpc.CallbacksClient>();
  let stackUrn = "";

  const goalOf = (request: resourceProto.RegisterResourceRequest): Goal => {
    const type = request.getType();
    const parent = request.getParent() || undefined;
    const refuse = (what: string, isUsed: boolean): void => {
      if (isUsed)
        throw new Error(
          `${request.getName()}: the embedded engine does not implement ${what}; use the Pulumi CLI`,
        );
    };
    refuse("components that a plugin makes", request.getRemote());
    refuse("import", request.getImportid() !== "");
    refuse("replacementTrigger", request.hasReplacementTrigger());
    const raw = properties(request.getObject());
    const version = request.getVersion();
    const bound = request.getHooks();
    return {
      urn: urnOf(info.stack, info.project, type, request.getName(), parent),
      type,
      name: request.getName(),
      custom: request.getCustom(),
      inputs: isProvider(type) ? { __internal: {}, ...raw, ...(version === "" ? {} : { version }) } : raw,
      parent,
      provider: request.getProvider() || undefined,
      dependencies: request.getDependenciesList().toSorted(),
      propertyDependencies: Object.fromEntries(
        request
          .getPropertydependenciesMap()
          .getEntryList()
          .map(([key]) => [
            key,
            request.getPropertydependenciesMap().get(key)?.getUrnsList().toSorted() ?? [],
          ]),
      ),
      aliases: request.getAliasurnsList(),
      deleteBeforeReplace: request.getDeletebeforereplace(),
      ignoreChanges: request.getIgnorechangesList(),
      replaceOnChanges: request.getReplaceonchangesList(),
      replaceWith: request.getReplaceWithList(),
      deletedWith: request.getDeletedwith() || undefined,
      protect: request.getProtect() ?? false,
      retainOnDelete: request.getRetainondelete() ?? false,
      additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
      hooks: {
        beforeCreate: bound?.getBeforeCreateList() ?? [],
        afterCreate: bound?.getAfterCreateList() ?? [],
        beforeUpdate: bound?.getBeforeUpdateList() ?? [],
        afterUpdate: bound?.getAfterUpdateList() ?? [],
        beforeDelete: bound?.getBeforeDeleteList() ?? [],
        afterDelete: bound?.getAfterDeleteList() ?? [],
      },
    };
  };

  const server = new Server(UNLIMITED);
  const nothing = (): emptyProto.Empty => new emptyProto.Empty();
  const unsupported = (what: string) =>
    unary(() => {
      throw new Error(`the embedded engine does not implement ${what}; use the Pulumi CLI`);
    });

  server.addService(
    resourceRpc.ResourceMonitorService as never,
    {
      getDeploymentInfo: unary(() => {
        const answer = new resourceProto.DeploymentInfo();
        answer.setProject(info.project);
        answer.setStack(info.stack);
        answer.setOrganization(info.organization);
        answer.setDryrun(info.dryRun);
        answer.setParallel(info.parallel);
        answer.setSupportedfeaturesList(FEATURES);
        answer.setConfigsecretkeysList([...info.secretKeys]);
        for (const [key, value] of Object.entries(info.config)) answer.getConfigMap().set(key, value);
        return answer;
      }),
      supportsFeature: unary((request: resourceProto.SupportsFeatureRequest) => {
        const answer = new resourceProto.SupportsFeatureResponse();
        answer.setHassupport(
          ["secrets", "deletedWith", "replaceWith", "resourceHooks"].includes(request.getId()),
        );
        return answer;
      }),
      registerResource: unary(async (request: resourceProto.RegisterResourceRequest) => {
        const goal = goalOf(request);
        const { result, id, outputs } = await handlers.register(goal);
        const answer = new resourceProto.RegisterResourceResponse();
        answer.setUrn(goal.urn);
        answer.setId(id);
        answer.setObject(struct(outputs));
        answer.setResult(RESULTS[result]);
        return answer;
      }),
      registerResourceOutputs: unary(async (request: resourceProto.RegisterResourceOutputsRequest) => {
        await handlers.registerOutputs(request.getUrn(), properties(request.getOutputs()));
        return nothing();
      }),
      invoke: unary(async (request: resourceProto.ResourceInvokeRequest) => {
        const answer = new resourceProto.ResourceInvokeResponse();
        answer.setReturn(struct(await handlers.invoke(request.getTok(), properties(request.getArgs()))));
        return answer;
      }),
      registerResourceHook: unary((request: resourceProto.RegisterResourceHookRequest) => {
        hooks.set(request.getName(), request);
        return nothing();
      }),
      registerPackage: unary((request: resourceProto.RegisterPackageRequest) => {
        const answer = new resourceProto.RegisterPackageResponse();
        answer.setRef(`${request.getName()}@${request.getVersion()}`);
        return answer;
      }),
      signalAndWaitForShutdown: unary(nothing),
      call: unsupported("calls of methods"),
      readResource: unsupported("reading resources that another program manages"),
      registerStackTransform: unsupported("transforms"),
      registerStackInvokeTransform: unsupported("transforms"),
      registerErrorHook: unsupported("error hooks"),
    } as never,
  );

  const severities = ["debug", "info", "warning", "error"] as const;
  server.addService(
    engineRpc.EngineService as never,
    {
      log: unary((request: engineProto.LogRequest) => {
        handlers.listen({
          kind: "message",
          severity: severities[request.getSeverity()] ?? "info",
          text: request.getMessage(),
        });
        return nothing();
      }),
      getRootResource: unary(() => {
        const answer = new engineProto.GetRootResourceResponse();
        answer.setUrn(stackUrn);
        return answer;
      }),
      setRootResource: unary((request: engineProto.SetRootResourceRequest) => {
        stackUrn = request.getUrn();
        return new engineProto.SetRootResourceResponse();
      }),
      startDebugging: unary(nothing),
      requirePulumiVersion: unary(() => new engineProto.RequirePulumiVersionResponse()),
    } as never,
  );

  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });

  const callbackClient = (target: string): callbackRpc.CallbacksClient => {
    const known = clients.get(target);
    if (known !== undefined) return known;
    const client = new callbackRpc.CallbacksClient(target, credentials.createInsecure() as never, UNLIMITED);
    clients.set(target, client);
    return client;
  };

  const runHook = async (name: string, request: resourceProto.ResourceHookRequest): Promise<void> => {
    const hook = hooks.get(name);
    const callback = hook?.getCallback();
    if (hook === undefined || callback === undefined)
      throw new Error(`the program has no hook named ${name}`);
    const call = new callbackProto.CallbackInvokeRequest();
    call.setToken(callback.getToken());
    call.setRequest(request.serializeBinary());
    const answer = await new Promise<callbackProto.CallbackInvokeResponse>((resolve, reject) => {
      callbackClient(callback.getTarget()).invoke(call, (error, response) =>
        error === null ? resolve(response) : reject(error),
      );
    });
    const error = resourceProto.ResourceHookResponse.deserializeBinary(answer.getResponse_asU8()).getError();
    if (error !== "" && !hook.getIgnoreErrors()) throw new Error(error);
  };

  return {
    address: `127.0.0.1:${port}`,
    async runHooks(names, { urn, id, inputs, outputs }) {
      const request = new resourceProto.ResourceHookRequest();
      request.setUrn(urn);
      request.setId(id);
      request.setName(urn.slice(urn.lastIndexOf("::") + 2));
      request.setNewInputs(struct(inputs));
      request.setNewOutputs(struct(outputs));
      for (const name of names) await runHook(name, request);
    },
    close() {
      for (const client of clients.values()) client.close();
      server.forceShutdown();
    },
  };
}
